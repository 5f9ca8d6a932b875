namespace Sluice.Tests.Cli;

/// <summary>Ctrl-C, SIGTERM and readers that go away.</summary>
public sealed class SignalTests
{
    // A penalty that rewards repetition makes it go on to the end of its context: a thousand tokens.
    private static readonly string[] Long = ["run", "--raw", "-p", "Once upon a time", "--temp", "0", "--repeat-penalty", "0.01"];

    public SignalTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix signals");

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Run_SignalInTheMiddle_EndsWith130(string signal)
    {
        using var process = CliProcess.Start(Long);
        var buffer = new char[8];
        Assert.NotEqual(0, await process.Output.ReadAsync(buffer, TestContext.Current.CancellationToken));
        await process.SignalAsync(signal);
        Assert.Equal(130, await process.WaitAsync());
        Assert.Equal("", await process.ErrorAsync());
    }

    [Fact]
    public async Task Run_ReaderGoesAway_EndsQuietly()
    {
        using var process = CliProcess.Start(Long);
        var buffer = new char[8];
        Assert.NotEqual(0, await process.Output.ReadAsync(buffer, TestContext.Current.CancellationToken));
        process.Output.Close();
        Assert.Equal(0, await process.WaitAsync());
        Assert.Equal("", await process.ErrorAsync());
    }

    [Fact]
    public async Task Bench_Interrupted_EndsWith130AndWritesNothing()
    {
        using var process = CliProcess.Start("bench", "-r", "1000", "-p", "900");
        // Nothing tells from outside when it measures; interrupted while it still loads it has to end the same way.
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        await process.SignalAsync("INT");
        Assert.Equal(130, await process.WaitAsync());
        Assert.Equal("", await process.OutputAsync());
    }

    [Theory]
    [InlineData("run")]
    [InlineData("model", "tokenize")]
    [InlineData("model", "tokenize", "--jsonl", "-")]
    public async Task Command_InterruptedWhileItWaitsForInput_EndsWith130(params string[] args)
    {
        using var process = CliProcess.Start(args);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        await process.SignalAsync("INT");
        Assert.Equal(130, await process.WaitAsync());
    }

    [Fact]
    public async Task Chat_Interrupted_EndsWith130()
    {
        using var process = CliProcess.Start("chat", "--temp", "0");
        await process.WriteLineAsync("Who are you?");
        Assert.StartsWith(
            "I am Sluice", await process.Output.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await process.SignalAsync("INT");
        Assert.Equal(130, await process.WaitAsync());
    }
}
