using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Http.Fakes;
using Sluice.Server;
using Sluice.Server.Telemetry;

namespace Sluice.Http.Telemetry;

public sealed class LogFormatterTests
{
    /// <summary>Those of before a reload too: what was sent with one may still fail.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_SecretOfNowOrBefore_IsOneLineWithoutIt(bool asJson)
    {
        Serving open = Serving.Openly(new ModelDirectory(new ScriptedSource()), TimeProvider.System);
        var serving = new LiveServing(open with { Secrets = ["first-key"] });
        serving.Current = open with { Secrets = ["second-key"] };
        var redactor = new Redactor(serving);
        ILogFormatter formatter = asJson
            ? new JsonLogFormatter(redactor, TimeProvider.System) : new TextLogFormatter(redactor, TimeProvider.System);
        var fault = new InvalidOperationException("refused first-key\nand second-key");
        var entry = new LogEntry<string>(
            LogLevel.Error, "Here", new EventId(7), "sent second-key, sk-0123456789", fault, (state, _) => state);
        var line = new ArrayBufferWriter<byte>();

        formatter.Write(entry, line);

        string text = Encoding.UTF8.GetString(line.WrittenSpan);
        Assert.Contains("sent [secret], [secret]", text, StringComparison.Ordinal);
        Assert.Contains("refused [secret]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("-key", text, StringComparison.Ordinal);
        Assert.Equal(text.Length - 1, text.AsSpan().IndexOfAny('\n', '\r'));
    }
}
