using System.CommandLine;
using Sluice.Cli.Flags;
using Sluice.Cli.Pipes;
using Sluice.Cli.Streams;
using Sluice.Pipe.Likeness;
using Sluice.Pipe.Output;
using Sluice.Pipe.Records;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice pipe dedupe</c>: each record once. No model is asked.</summary>
internal sealed class PipeDedupeCommand
{
    private readonly Terminal _terminal;
    private readonly RecordFlags _records = new();
    private readonly Option<ILikeness?> _by = FlowFlags.Likeness("--by",
        "Which records are the same: those of the same text, the same but for case and punctuation (norm, unless told otherwise), " +
        "or whose simhashes differ in at most K bits.");
    private readonly Option<bool> _count = Flag.Switch("--count", "Prints how many records would be left, instead of them.");

    private PipeDedupeCommand(Terminal terminal) => _terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var dedupe = new PipeDedupeCommand(terminal);
        var command = new CliCommand("dedupe", "Prints each record once: of those that are alike, the first.",
            "sluice pipe dedupe",
            "sluice pipe dedupe --by simhash:6 -i para",
            "sluice pipe dedupe --count --by exact")
        { dedupe._by, dedupe._count };
        dedupe._records.AddTo(command);
        command.SetAction(dedupe.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        RecordSettings settings = _records.Read(parsed);
        var key = _records.ReadKey(parsed);
        ILikeness likeness = parsed.GetValue(_by) ?? new NormalizedLikeness(exactly: false);
        using var output = new StandardOutput();
        using Stream input = Console.OpenStandardInput();
        bool countOnly = parsed.GetValue(_count);
        var run = new DedupeRun(settings, key, likeness);
        using var sink = new StreamSink(countOnly ? Stream.Null : output, e => e is BrokenPipeException);
        try
        {
            await run.RunAsync(input, sink, cancellation);
            if (countOnly)
                _terminal.Write($"{run.Kept}\n");
        }
        catch (ReaderGoneException)
        {
            return ExitCode.Done;
        }
        _terminal.Say($"{run.Read} records: {run.Kept} kept, {run.Read - run.Kept} like one before them");
        return ExitCode.Done;
    }
}
