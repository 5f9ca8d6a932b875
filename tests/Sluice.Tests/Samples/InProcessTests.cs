using System.Diagnostics;
using System.Globalization;

namespace Sluice.Tests.Samples;

/// <summary>The sample runs.</summary>
public sealed class InProcessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_DemoModel_TellsAnswersAndCompares()
    {
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "InProcess.exe" : "InProcess");
        using var process = Process.Start(new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(Cancellation);
        string[] lines = (await process.StandardOutput.ReadToEndAsync(Cancellation)).TrimEnd('\n').Split('\n');
        await process.WaitForExitAsync(Cancellation);

        Assert.Equal("", await errors);
        Assert.Equal(0, process.ExitCode);
        Assert.True(string.Concat(lines[..^3]).Length > 20, "the story is missing");
        Assert.Matches(@"Lisbon.* \(stop, \d+ tokens\)$", lines[^3]);
        float[] likeness = [.. lines[^2..].Select(line => float.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture))];
        Assert.InRange(likeness[0], likeness[1], 1);
    }
}
