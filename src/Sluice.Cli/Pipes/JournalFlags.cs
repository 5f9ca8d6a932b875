using System.CommandLine;
using Sluice.Cli.Flags;

namespace Sluice.Cli.Pipes;

/// <summary>What survives the run.</summary>
internal sealed class JournalFlags
{
    private readonly Option<string?> _journal = Flag.Text("--journal",
        "Appends every answer to this file, so that no question is asked twice.", "FILE");
    private readonly Option<bool> _resume = Flag.Switch("--resume",
        "Goes on with the journal of an earlier run: asks only for what is not in it.");

    public void AddTo(Command command)
    {
        command.Add(_journal);
        command.Add(_resume);
    }

    /// <summary>The journal's path, null for none, and whether it goes on.</summary>
    public (string? Path, bool Resume) Read(ParseResult parsed)
    {
        string? path = parsed.GetValue(_journal);
        bool resume = parsed.GetValue(_resume);
        return path is null && resume
            ? throw new UsageException("--resume goes on with a journal: say which with --journal FILE.") : (path, resume);
    }
}
