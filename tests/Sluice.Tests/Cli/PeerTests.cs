using System.Diagnostics;
using System.Text.Json;
using Sluice.Cli.Peers;
using Sluice.Core.Errors;

namespace Sluice.Tests.Cli;

public sealed class PeerTests
{
    [Fact]
    public void Ratio_BusyMachineOrSlowPeer_DoesNotCount()
    {
        PeerPair[] pairs =
        [
            Pair(0.05, peer: 100, ours: 200),
            Pair(0.05, peer: 79, ours: 300), // more than a fifth below the peer's best
            Pair(0.2, peer: 100, ours: 900), // busy
            Pair(0.09, peer: 80, ours: 120),
            Pair(null, peer: 90, ours: 90), // a system that does not tell its load
        ];
        PeerRatio ratio = Assert.Single(PeerRatio.Of(pairs));
        Assert.Equal([2, null, null, 1.5, 1], ratio.Ratios);
        Assert.Equal((3, 1.5), (ratio.Counted, ratio.Median));
    }

    [Fact]
    public void Ratio_NoPairCounts_HasNoMedian() => Assert.Null(Assert.Single(PeerRatio.Of([Pair(3, peer: 1, ours: 1)])).Median);

    [Fact]
    public async Task Run_LastLineIsJson_IsItsSpeed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a POSIX shell");
        var peer = new PeerCommand("""echo loading; echo noise >&2; echo '{"prefill_tps":140.5,"batched_tps":{"16":83}}'""");
        PeerSpeed speed = await peer.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new Dictionary<string, double> { ["prefill"] = 140.5, ["16 at once"] = 83 }, speed.Figures);
    }

    [Theory]
    [InlineData("echo first >&2; echo why it broke >&2; exit 3", "code 3", "why it broke")]
    [InlineData("true", "--peer must be", "prefill_tps")]
    [InlineData("echo '[1]'", "--peer must be", "no object")]
    [InlineData("""echo '{"prefill_tps":"fast"}'""", "--peer must be", "prefill_tps is no number")]
    [InlineData("""echo '{"decode_tps":1e999}'""", "--peer must be", "decode_tps is no number")]
    [InlineData("""echo '{"batched_tps":{"many":1}}'""", "--peer must be", "'many' is no number")]
    [InlineData("""echo '{"load_ms":1}'""", "--peer must be", "neither")]
    public async Task Run_PeerThatFails_IsAClearError(string line, params string[] said)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a POSIX shell");
        var error = await Assert.ThrowsAsync<SluiceException>(() => new PeerCommand(line).RunAsync(TestContext.Current.CancellationToken));
        Assert.All(said, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_Cancelled_EndsThePeerToo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a POSIX shell");
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        string id = Path.GetTempFileName();
        try
        {
            Task run = new PeerCommand($"echo $$ >{id}; sleep 600; true").RunAsync(soon.Token);
            while (new FileInfo(id).Length == 0)
                await Task.Delay(20, soon.Token);
            int peer = int.Parse(await File.ReadAllTextAsync(id, soon.Token), System.Globalization.CultureInfo.InvariantCulture);
            await soon.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
            using Process? left = Process.GetProcesses().FirstOrDefault(process => process.Id == peer);
            Assert.True(left is null || await HasEndedAsync(left));
        }
        finally
        {
            File.Delete(id);
        }
    }

    [Fact]
    public async Task Bench_Peer_PrintsThePairsAsJson()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a POSIX shell");
        var result = await CliProcess.RunAsync("bench", "demo", "-p", "8", "-n", "4", "-b", "2", "-t", "1", "-r", "1", "--pairs", "2", "--quiet-wait", "0", "--json",
            "--peer", """echo '{"prefill_tps":10,"decode_tps":5,"batched_tps":{"2":7,"16":9}}'""");
        Assert.Equal(0, result.Code);
        using var json = JsonDocument.Parse(result.Output);
        JsonElement ratios = json.RootElement.GetProperty("ratios");
        Assert.Equal(["prefill", "decode", "2 at once"], ratios.EnumerateObject().Select(figure => figure.Name));
        foreach (JsonProperty figure in ratios.EnumerateObject())
        {
            Assert.Equal(2, figure.Value.GetProperty("counted").GetInt32() + figure.Value.GetProperty("discarded").GetInt32());
            Assert.Equal(2, figure.Value.GetProperty("pairs").GetArrayLength());
        }
    }

    [Theory]
    [InlineData("--pairs", "3")]
    [InlineData("--peer", "true", "--profile")]
    [InlineData("--peer", " ")]
    public async Task Bench_PeerFlagsThatDoNotFit_AreUsageErrors(params string[] args)
    {
        var result = await CliProcess.RunAsync(["bench", "demo", .. args]);
        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.Contains("--peer", result.Error, StringComparison.Ordinal);
    }

    private static async Task<bool> HasEndedAsync(Process process)
    {
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static PeerPair Pair(double? load, double peer, double ours) => new(load, Speed(peer), Speed(ours));

    private static PeerSpeed Speed(double tps) => new(null, tps, new Dictionary<int, double>());
}
