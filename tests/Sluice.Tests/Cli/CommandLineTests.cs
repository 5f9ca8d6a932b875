namespace Sluice.Tests.Cli;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Version_Asked_IsOneLineOnStdout()
    {
        var result = await CliProcess.RunAsync("--version");
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", result.Output);
    }

    [Fact]
    public async Task Help_Asked_IsDataOnStdout()
    {
        var result = await CliProcess.RunAsync("--help");
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--frobnicate")]
    [InlineData("frobnicate")]
    public async Task Arguments_Unknown_AreUsageErrorsInOneLine(string argument)
    {
        var result = await CliProcess.RunAsync(argument);
        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.Matches(@"^sluice: [^\n]*frobnicate[^\n]*--help\n$", result.Error);
    }

    [Fact]
    public async Task Numbers_OutOfRange_AreUsageErrorsThatTellTheRange()
    {
        var result = await CliProcess.RunAsync("bench", "-b", "0");
        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.StartsWith("sluice: -b takes whole numbers from 1 to 1024 with commas between them, not '0'. ", result.Error, StringComparison.Ordinal);
    }
}
