using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Sluice.Bench.Pipe;

namespace Sluice.Tests.Cli.Pipes;

/// <summary>Killed at any moment, a run goes on where it was: every record answered once, the output as if nothing had happened.</summary>
public sealed class KillTests : IDisposable
{
    private const int Records = 400;

    private readonly string _folder = Directory.CreateTempSubdirectory("pipe-kill-").FullName;
    private readonly ConcurrentDictionary<string, bool> _forbidden = new();
    private int _askedAgain;

    private string Journal => Path.Combine(_folder, "journal");

    private string Output => Path.Combine(_folder, "out.txt");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Pipe_KilledAtRandomMoments_ResumesToTheSameOutputAndAsksNothingTwice()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix signals");
        int kills = Environment.GetEnvironmentVariable("SLUICE_LONG") is null ? 3 : 50;
        await using var server = new FakeServer(Answer);
        byte[] input = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Records).Select(i => $"record {i}\n")));
        string[] args = ["pipe", "Echo.", "--no-config", "-u", $"http://127.0.0.1:{server.Port}/v1", "-m", "m", "--journal", Journal, "-O", Output, "--resume"];
        var random = new Random(11);
        int killed = 0;
        while (killed < kills)
        {
            Remember();
            using var process = CliProcess.Start(args);
            Task writing = process.WriteInputAsync(input);
            await Task.Delay(random.Next(300, 2500), TestContext.Current.CancellationToken);
            if (process.HasExited)
                File.Delete(Journal); // it was through: from the start once more
            else
                killed++;
            await process.SignalAsync("KILL");
            await process.WaitAsync();
            await writing;
            if (!File.Exists(Journal))
                _forbidden.Clear();
        }
        Remember();
        using (var last = CliProcess.Start(args))
        {
            await last.WriteInputAsync(input);
            Assert.Equal(0, await last.WaitAsync());
        }
        Assert.Equal(
            string.Concat(Enumerable.Range(0, Records).Select(i => $"echo:record {i}\n")),
            await File.ReadAllTextAsync(Output, TestContext.Current.CancellationToken));
        Assert.Equal(0, _askedAgain);
    }

    private FakeReply Answer(FakeRequest request)
    {
        string user = JsonElement.Parse(request.Body).GetProperty("messages")[1].GetProperty("content").GetString()!;
        if (_forbidden.ContainsKey(user))
            Interlocked.Increment(ref _askedAgain);
        return new FakeReply(200, Encoding.UTF8.GetBytes(
            $"{{\"choices\":[{{\"index\":0,\"message\":{{\"role\":\"assistant\",\"content\":\"echo:{user}\"}},\"finish_reason\":\"stop\"}}]}}"))
        {
            Delay = TimeSpan.FromMilliseconds(20),
        };
    }

    /// <summary>What the journal has by whole lines must not be asked again.</summary>
    private void Remember()
    {
        if (!File.Exists(Journal))
            return;
        foreach (string line in File.ReadAllText(Journal).Split('\n')[..^1])
        {
            JsonElement entry = JsonElement.Parse(line);
            if (entry.TryGetProperty("answer", out JsonElement answer))
                _forbidden[answer.GetString()!["echo:".Length..]] = true;
        }
    }
}
