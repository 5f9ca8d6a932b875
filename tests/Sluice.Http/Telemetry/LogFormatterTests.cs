using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Sluice.Http.Fakes;
using Sluice.Server;
using Sluice.Server.Telemetry;

namespace Sluice.Http.Telemetry;

public sealed class LogFormatterTests
{
    public static TheoryData<string> Forms() => [TextLogFormatter.FormatterName, JsonLogFormatter.FormatterName];

    /// <summary>Those of before a reload too: what was sent with one may still fail.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void Write_SecretOfNowOrBefore_IsOneLineWithoutIt(string form)
    {
        Serving open = Serving.Openly(new ModelDirectory(new ScriptedSource()), TimeProvider.System);
        var serving = new LiveServing(open with { Secrets = ["first-key"] });
        serving.Current = open with { Secrets = ["second-key"] };
        var redactor = new Redactor(serving);
        ConsoleFormatter formatter = form == TextLogFormatter.FormatterName
            ? new TextLogFormatter(redactor, TimeProvider.System) : new JsonLogFormatter(redactor, TimeProvider.System);
        var fault = new InvalidOperationException("refused first-key\nand second-key");
        var entry = new LogEntry<string>(
            LogLevel.Error, "Here", new EventId(7), "sent second-key, sk-0123456789", fault, (state, _) => state);
        using var line = new StringWriter();

        formatter.Write(entry, scopeProvider: null, line);

        string text = line.ToString();
        Assert.Contains("sent [secret], [secret]", text, StringComparison.Ordinal);
        Assert.Contains("refused [secret]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("-key", text, StringComparison.Ordinal);
        Assert.Equal(text.Length - Environment.NewLine.Length, text.IndexOf(Environment.NewLine, StringComparison.Ordinal));
    }
}
