using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Tests.House;

namespace Sluice.Tests.Samples;

/// <summary>The sample runs, and the pages that show it show nothing else.</summary>
public sealed partial class InProcessTests
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

    [Theory]
    [InlineData("docs/how-to/embed-in-dotnet.md")]
    [InlineData("README.md")]
    public void Page_CodeItShows_IsTheSamples(string page)
    {
        string sample = Checkout.Read("samples/InProcess/Program.cs");
        string[] shown = [.. Fence().Matches(Checkout.Read(page)).Select(fence => fence.Groups[1].Value)];
        Assert.NotEmpty(shown);
        Assert.All(shown, code => Assert.Contains(code, sample, StringComparison.Ordinal));
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
