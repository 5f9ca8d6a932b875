using System.Text;
using Sluice.Pipe.Flow;
using Sluice.Pipe.Output;
using Sluice.Pipe.Records;
using Sluice.Pipe.Reports;
using Sluice.Tests.Local.Lifecycle;
using Sluice.Tests.Pipe.Flow;

namespace Sluice.Tests.Pipe.Reports;

public sealed class EtaTests
{
    [Fact]
    public async Task Observe_AQuarterDoneInTenSeconds_SaysThirty()
    {
        var time = new ManualTime();
        Tally tally = await ReadAsync(lines: 25); // of 4 bytes each
        var eta = new Eta(400, time);
        Assert.Null(eta.Observe(new Tally())); // nothing is done
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.InRange(eta.Observe(tally)!.Value.TotalSeconds, 29, 31);
        time.Advance(TimeSpan.FromSeconds(10)); // and nothing more comes: it goes half as fast
        Assert.InRange(eta.Observe(tally)!.Value.TotalSeconds, 58, 62);
    }

    [Fact]
    public async Task Observe_ALongStandstill_SaysNothing()
    {
        var time = new ManualTime();
        Tally tally = await ReadAsync(lines: 25);
        var eta = new Eta(400, time);
        eta.Observe(tally);
        for (int i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            eta.Observe(tally);
        }
        Assert.Null(eta.Observe(tally));
    }

    private static async Task<Tally> ReadAsync(int lines)
    {
        byte[] input = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("abc\n", lines)));
        using var run = new PipeRun(new PipeJob
        {
            Reader = new RecordSettings().Open(new MemoryStream(input)), Stage = new ScriptedStage(), Writer = new NothingWriter(),
            Sink = new StreamSink(Stream.Null, _ => true),
        }, TimeProvider.System);
        await run.RunAsync(TestContext.Current.CancellationToken);
        return run.Tally;
    }
}
