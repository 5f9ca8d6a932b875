using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Sluice.Bench.Pipe;
using Sluice.Tests.Cli;

namespace Sluice.Golden.Pipe;

/// <summary>The pipe as a process against a fake server: what another implementation does, and what it is known to do wrong.</summary>
public sealed class PipeTests
{
    /// <summary>Of the fake server's address; cases speak of paths below it.</summary>
    internal const string BasePath = "/v1";

    private static readonly Lazy<Dictionary<string, JsonElement>> All = new(() => File
        .ReadLines(GoldenData.Require("pipe/cases.jsonl")).Select(line => JsonElement.Parse(line))
        .ToDictionary(one => one.GetProperty("name").GetString()!));

    public static TheoryData<string> Cases => GoldenData.Present ? new(All.Value.Keys) : new("");

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Pipe_ACase_GoesAsItSays(string name)
    {
        GoldenData.Require("pipe/cases.jsonl");
        JsonElement one = All.Value[name], expect = one.GetProperty("expect");
        var script = new PipeCase(one.GetProperty("server"));
        await using var server = new FakeServer(script.Answer);
        string home = Directory.CreateTempSubdirectory("pipe-home-").FullName;
        try
        {
            WriteConfig(home, one, server);
            string[] args = [.. one.GetProperty("args").EnumerateArray().Select(arg => arg.GetString()!).Prepend("pipe")];
            long began = Stopwatch.GetTimestamp();
            int? lines = expect.TryGetProperty("close_stdout_after_lines", out JsonElement close) ? close.GetInt32() : null;
            CliResult result = await RunAsync(args, home, Input(one), lines);
            PipeExpectations.Check(expect, result, Stopwatch.GetElapsedTime(began), [.. script.Requests], server.MostInFlight);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static void WriteConfig(string home, JsonElement one, FakeServer server)
    {
        if (!one.TryGetProperty("config_toml", out JsonElement config))
            return;
        string folder = Directory.CreateDirectory(Path.Combine(home, ".config", "fzp")).FullName;
        string url = $"http://127.0.0.1:{server.Port}{BasePath}";
        File.WriteAllText(Path.Combine(folder, "config.toml"), config.GetString()!.Replace("{BASE_URL}", url, StringComparison.Ordinal));
    }

    private static byte[] Input(JsonElement one) => one.TryGetProperty("stdin_b64", out JsonElement bytes)
        ? bytes.GetBytesFromBase64()
        : Encoding.UTF8.GetBytes(one.GetProperty("stdin").GetString()!);

    /// <param name="lines">After so many lines the output is closed; null reads all of it.</param>
    private static async Task<CliResult> RunAsync(string[] args, string home, byte[] input, int? lines)
    {
        using var process = CliProcess.StartIn(home, args);
        Task<string> error = process.ErrorAsync();
        Task writing = process.WriteInputAsync(input);
        var output = new StringBuilder();
        if (lines is { } count)
        {
            for (int i = 0; i < count; i++)
                output.AppendLine(await process.Output.ReadLineAsync(TestContext.Current.CancellationToken));
            process.Output.Close();
        }
        else
        {
            output.Append(await process.OutputAsync());
        }
        int code = await process.WaitAsync();
        await writing;
        return new CliResult(code, output.ToString(), await error);
    }
}
