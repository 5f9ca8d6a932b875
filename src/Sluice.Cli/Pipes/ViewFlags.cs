using System.CommandLine;
using System.Text;
using Sluice.Cli.Flags;

namespace Sluice.Cli.Pipes;

/// <summary>What is told of a run beside its output.</summary>
internal sealed class ViewFlags
{
    private readonly Option<ProgressKind?> _progress = Flag.Choice("--progress",
        "What standard error shows while it runs: a line on a terminal and now and then one elsewhere (auto), JSON lines, or nothing.",
        ("auto", ProgressKind.Auto), ("json", ProgressKind.Json), ("none", ProgressKind.None));

    private readonly Option<string?> _report = Flag.Text("--report", "Writes what the run came to here, as JSON.", "FILE");
    private readonly Option<long?> _trace = Flag.Long("--trace", "Shows the whole story of this record on standard error.");

    public void AddTo(Command command)
    {
        command.Add(_progress);
        command.Add(_report);
        command.Add(_trace);
    }

    public ProgressKind ReadProgress(ParseResult parsed) => parsed.GetValue(_progress) ?? ProgressKind.Auto;

    /// <summary>
    /// The report's file, empty, so that a path that cannot be written is refused before anything is asked; null for none.
    /// </summary>
    /// <exception cref="UsageException">It cannot be written.</exception>
    public StreamWriter? OpenReport(ParseResult parsed)
    {
        if (parsed.GetValue(_report) is not { } path)
            return null;
        try
        {
            return new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--report {path}: {e.Message}");
        }
    }

    public long? ReadTrace(ParseResult parsed) => parsed.GetValue(_trace);
}
