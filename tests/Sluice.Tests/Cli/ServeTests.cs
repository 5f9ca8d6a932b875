using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Tests.Cli;

public sealed partial class ServeTests
{
    [Fact]
    public async Task Serve_Demo_AnswersUntilSigterm()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix signals");
        using var process = CliProcess.Start("serve", "--urls", "http://127.0.0.1:0", "-t", "1");
        string url = Address().Match(await process.ReadErrorLineAsync()).Value;
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        var request = new { model = "demo", temperature = 0, messages = new[] { new { role = "user", content = "Who are you?" } } };
        using var response = await client.PostAsJsonAsync("/v1/chat/completions", request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("I am Sluice", answer.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), StringComparison.Ordinal);

        await process.SignalAsync("TERM");
        Assert.Equal(0, await process.WaitAsync());
        Assert.Equal("", await process.Output.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("serve", "-c", "sluice.yaml")]
    [InlineData("serve", "--urls", "8080")]
    [InlineData("serve", "demo", "demo")]
    public async Task Serve_WrongArguments_AreUsageErrors(params string[] args)
    {
        var result = await CliProcess.RunAsync(args);
        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.Matches(@"^sluice: [^\n]+\n$", result.Error);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
