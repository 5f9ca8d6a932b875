using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Tests.Cli;

/// <summary><c>sluice serve -c</c> as a process: from the file to the answer, and what becomes of changes of the file.</summary>
public sealed partial class ServePoolTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("sluice-pool-").FullName, "sluice.yaml");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public async Task Serve_PoolOfTwoReplicas_AnswersAndFollowsItsFile()
    {
        Write("prefix");
        using var process = CliProcess.Start("serve", "-c", _file, "-t", "1");
        string line = await process.ReadErrorLineAsync();
        Assert.StartsWith("sluice: serving chat on http://127.0.0.1:", line, StringComparison.Ordinal);
        using var client = new HttpClient { BaseAddress = new Uri(Address().Match(line).Value) };
        await AskAsync(client);
        string metrics = await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("sluice_pool_requests_total{pool=\"chat\",outcome=\"ok\"} 1", metrics, StringComparison.Ordinal);

        Write("nonsense");
        string refused = await process.ReadErrorLineAsync();
        Assert.Contains("not reloaded, the configuration before goes on: ", refused, StringComparison.Ordinal);
        Assert.Contains("'nonsense' is no policy", refused, StringComparison.Ordinal);
        await AskAsync(client);

        Write("latency");
        Assert.EndsWith("sluice.yaml reloaded", await process.ReadErrorLineAsync(), StringComparison.Ordinal);
        await AskAsync(client);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Serve_BadFile_EndsWithItsLineAndCode2()
    {
        Write("nonsense");
        CliResult result = await CliProcess.RunAsync("serve", "-c", _file);
        Assert.Equal(2, result.Code);
        Assert.Contains("sluice.yaml:8: pools[0].policy: 'nonsense' is no policy; there are content, ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_FileAndModel_AreNotTakenTogether()
    {
        Write("prefix");
        Assert.Equal(2, (await CliProcess.RunAsync("serve", "demo", "-c", _file)).Code);
        CliResult result = await CliProcess.RunAsync("serve", "-c", _file, "--kv", "q8_0");
        Assert.Equal(2, result.Code);
        Assert.Contains("--kv does not go with --config: write it into ", result.Error, StringComparison.Ordinal);
        Assert.Contains("as 'kv.type' of a source", result.Error, StringComparison.Ordinal);
        result = await CliProcess.RunAsync("serve", "-c", _file, "--kv-window", "100");
        Assert.Contains("a configuration has nothing like it", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NewKey_ForAConfiguration_IsTakenByIt()
    {
        CliResult result = await CliProcess.RunAsync("admin", "keys", "new", "--name", "app", "--role", "viewer");
        Assert.Equal(0, result.Code);
        string key = result.Output.Trim();
        Assert.StartsWith("sk-sluice-", key, StringComparison.Ordinal);
        Assert.DoesNotContain(key, result.Error, StringComparison.Ordinal);
        string entry = result.Error.Split('\n').Single(line => line.StartsWith("  - ", StringComparison.Ordinal));
        Write("prefix", $"keys:\n{entry}\n");
        using var process = CliProcess.Start("serve", "-c", _file, "-t", "1");
        using var client = new HttpClient { BaseAddress = new Uri(Address().Match(await process.ReadErrorLineAsync()).Value) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/v1/models", TestContext.Current.CancellationToken)).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/models", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Serve_AdapterOfASource_IsServedByItselfAndAsAMember()
    {
        string pirate = Path.Combine(AppContext.BaseDirectory, "models", "demo", "lora", "pirate");
        File.WriteAllText(_file, $$"""
            server: { urls: ["http://127.0.0.1:0"] }
            sources:
              - { name: local, kind: engine, model: demo, replicas: 2, kv: { memory: 32MB }, adapters: { pirate: {{pirate}} } }
            pools:
              - { name: plain, members: [{ source: local }] }
              - { name: sailor, policy: prefix, members: [{ source: local, model: pirate }] }
            """);
        using var process = CliProcess.Start("serve", "-c", _file, "-t", "1");
        using var client = new HttpClient { BaseAddress = new Uri(Address().Match(await process.ReadErrorLineAsync()).Value) };
        string models = await client.GetStringAsync("/v1/models", TestContext.Current.CancellationToken);
        Assert.Contains("\"local:pirate\"", models, StringComparison.Ordinal);
        string plain = await AnswerAsync(client, "plain"), adapted = await AnswerAsync(client, "local:pirate");
        Assert.DoesNotContain("Arr!", plain, StringComparison.Ordinal);
        Assert.Contains("Arr!", adapted, StringComparison.Ordinal);
        Assert.Equal(adapted, await AnswerAsync(client, "sailor"));
        Assert.Equal(plain, await AnswerAsync(client, "plain")); // no prefix of one is taken for the other's
    }

    [Fact]
    public async Task Serve_EnvironmentVariable_GoesBeforeTheFile()
    {
        Write("prefix");
        Assert.Contains(
            "SLUICE_POOLS__CHAT__POLICY:1: pools[0].policy: 'nonsense' is no policy",
            await FailAsync("SLUICE_POOLS__CHAT__POLICY=nonsense", "-c", _file), StringComparison.Ordinal);
        Assert.Contains("'limits' belongs to the pools of a file", await FailAsync("SLUICE_LIMITS__CONCURRENCY=2"), StringComparison.Ordinal);
    }

    /// <summary>What <c>sluice serve</c> says and ends with under a variable that it does not take.</summary>
    private static async Task<string> FailAsync(string variable, params string[] args)
    {
        var start = new ProcessStartInfo("env", [variable, CliProcess.Executable, "serve", .. args]) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, process.ExitCode);
        return said;
    }

    private static async Task<string> AnswerAsync(HttpClient client, string model)
    {
        var messages = new[] { new { role = "user", content = "What is the capital of Portugal?" } };
        var request = new { model, max_tokens = 16, temperature = 0, messages };
        using var answer = await client.PostAsJsonAsync("/v1/chat/completions", request, TestContext.Current.CancellationToken);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return body.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }

    private static async Task AskAsync(HttpClient client)
    {
        var request = new { model = "chat", max_tokens = 4, messages = new[] { new { role = "user", content = "Hello" } } };
        using var answer = await client.PostAsJsonAsync("/v1/chat/completions", request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private void Write(string policy, string more = "") => File.WriteAllText(_file, $$"""
        server: { urls: ["http://127.0.0.1:0"] }
        sources:
          - name: local
            kind: engine
            model: demo
            replicas: 2
        pools:
          - { name: chat, policy: {{policy}}, members: [{ source: local }] }

        """ + more);

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
