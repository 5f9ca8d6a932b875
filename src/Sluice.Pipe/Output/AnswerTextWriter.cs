using System.Buffers;
using Sluice.Pipe.Records;

namespace Sluice.Pipe.Output;

/// <summary>One line per record: the answer, its line ends as spaces; or the record with values behind it, tabs between.</summary>
/// <param name="nul">Records end with NUL, as the input's do, and keep their line ends.</param>
public sealed class AnswerTextWriter(OnFail onFail, IReadOnlyList<Addition> additions, bool nul) : IOutcomeWriter
{
    /// <summary>Whether a line is an answer and nothing else.</summary>
    public bool IsAnswerAlone => additions.Count == 0 && !nul;

    public void WriteHeader(IReadOnlyList<string>? columns, IBufferWriter<byte> output)
    {
        // Plain text names nothing.
    }

    public void Write(Record record, Outcome outcome, IBufferWriter<byte> output)
    {
        string? instead = onFail.Instead(record.Text);
        if (outcome.Kind == OutcomeKind.Failed && instead is null)
            return;
        string answer = outcome.Kind == OutcomeKind.Failed ? instead! : outcome.Answer?.Text ?? "";
        string text = additions.Count == 0
            ? answer
            : RowText.Join([record.Text, .. additions.Select(one => one.Text(outcome, instead ?? ""))], '\t', quoted: false);
        output.WriteText(nul ? text : OneLine.Of(text));
        output.Write(nul ? "\0"u8 : "\n"u8);
    }
}
