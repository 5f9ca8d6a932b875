using System.Text;
using Microsoft.Extensions.Logging;
using Sluice.Http.Fakes;
using Sluice.Server;
using Sluice.Server.Telemetry;

namespace Sluice.Http.Telemetry;

public sealed class BatchedLogTests
{
    [Fact]
    public void Log_Warning_IsWrittenAtOnceWithAllBeforeIt()
    {
        using var output = new MemoryStream();
        using BatchedLog log = Create(output);
        ILogger logger = log.CreateLogger("Here");

        Say(logger, LogLevel.Warning, "second"); // nothing waits: it goes out alone
        Say(logger, LogLevel.Information, "third");
        Say(logger, LogLevel.Error, "fourth");

        Assert.Equal(["second", "third", "fourth"], MessagesOf(output));
    }

    [Fact]
    public async Task Log_InformationAlone_IsWrittenSoon()
    {
        using var output = new MemoryStream();
        using BatchedLog log = Create(output);

        Say(log.CreateLogger("Here"), LogLevel.Information, "first");

        for (int attempt = 0; attempt < 1500 && output.Length == 0; attempt++)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Equal(["first"], MessagesOf(output));
    }

    [Fact]
    public void Log_MoreThanMayWait_IsWrittenByWhoeverLogs()
    {
        using var output = new MemoryStream();
        using BatchedLog log = Create(output);

        Say(log.CreateLogger("Here"), LogLevel.Information, new string('x', 64 * 1024));

        Assert.Single(MessagesOf(output));
    }

    [Fact]
    public void Dispose_LinesThatWait_AreWrittenAndLaterOnesToo()
    {
        using var output = new MemoryStream();
        BatchedLog log = Create(output);
        ILogger logger = log.CreateLogger("Here");
        Say(logger, LogLevel.Information, "before");

        log.Dispose();
        Say(logger, LogLevel.Information, "after");

        Assert.Equal(["before", "after"], MessagesOf(output));
    }

    private static BatchedLog Create(Stream output)
    {
        var redactor = new Redactor(new LiveServing(Serving.Openly(new ModelDirectory(new ScriptedSource()), TimeProvider.System)));
        return new BatchedLog(output, new TextLogFormatter(redactor, TimeProvider.System), TimeProvider.System);
    }

    private static void Say(ILogger logger, LogLevel level, string message) => logger.Log(level, new EventId(1), message, null, (state, _) => state);

    private static IEnumerable<string> MessagesOf(MemoryStream output) =>
        Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[^1].Trim());
}
