using System.Text;
using Sluice.Cli.Json;
using Sluice.Cli.Streams;
using Sluice.Pipe.Flow;
using Sluice.Pipe.Output;

namespace Sluice.Cli.Pipes;

/// <summary>Tells of records that failed or look odd: a few on standard error, all failed ones in a file. From any thread.</summary>
internal sealed class ErrorLog : IDisposable
{
    private const int MostTold = 10;

    private readonly Lock _lock = new();
    private readonly Terminal _terminal;
    private readonly Redactor _redactor;
    private readonly StreamWriter? _file;
    private int _told;

    /// <param name="path">Null for no file.</param>
    public ErrorLog(Terminal terminal, Redactor redactor, string? path)
    {
        _terminal = terminal;
        _redactor = redactor;
        _file = path is null
            ? null : new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
    }

    public void Note(EndedRecord ended)
    {
        string? told = ended.Outcome switch
        {
            { Kind: OutcomeKind.Failed, Problem: { } problem } => _redactor.Clean(problem),
            { Kind: OutcomeKind.Answered, Answer.IsCutOff: true } =>
                "the answer is truncated: it reached the most tokens allowed (finish_reason length)",
            { Kind: OutcomeKind.Answered, Answer.Text.Length: 0 } => "the answer is empty",
            _ => null,
        };
        if (told is null)
            return;
        lock (_lock)
        {
            if (_told++ < MostTold)
                _terminal.Say($"record {ended.Record.Number}: {told.ReplaceLineEndings(" ")}");
            else if (_told == MostTold + 1)
                _terminal.Say($"further records are not told of here{(_file is null ? "; --errors FILE gets every one that fails" : "")}");
            if (ended.Outcome.Kind == OutcomeKind.Failed)
                _file?.WriteLine(Line(ended, told));
        }
    }

    public void Dispose() => _file?.Dispose();

    private static string Line(EndedRecord ended, string problem) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("record", ended.Record.Number);
        writer.WriteNumber("offset", ended.Record.Offset);
        writer.WriteString("error", problem);
        writer.WriteString("input", ended.Record.Text);
        writer.WriteEndObject();
    });
}
