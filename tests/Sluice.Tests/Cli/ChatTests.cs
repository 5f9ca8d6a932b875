namespace Sluice.Tests.Cli;

public sealed class ChatTests
{
    [Fact]
    public async Task Chat_SeveralTurns_RemembersUntilReset()
    {
        var result = await CliProcess.RunWithInputAsync("My name is Anna.\nWhat is my name?\n\n/reset\nWho are you?\n/exit\nnever asked\n", "chat", "--temp", "0");
        Assert.Equal(0, result.Code);
        string[] lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Contains("Anna", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("I am Sluice's built-in demo model", lines[2], StringComparison.Ordinal);
    }
}
