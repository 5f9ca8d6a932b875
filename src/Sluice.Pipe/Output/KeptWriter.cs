using System.Buffers;
using Sluice.Pipe.Records;

namespace Sluice.Pipe.Output;

/// <summary>The records that a decision keeps, byte for byte. Blank ones are kept by nobody.</summary>
/// <param name="keeps">Whether an answer keeps its record.</param>
/// <param name="format">The input's format, which the output has too.</param>
public sealed class KeptWriter(OnFail onFail, Func<Outcome, bool> keeps, RecordFormat format) : IOutcomeWriter
{
    public void WriteHeader(IReadOnlyList<string>? columns, IBufferWriter<byte> output)
    {
        if (columns is not null)
            output.WriteLine(RowText.Join(columns, format == RecordFormat.Tsv ? '\t' : ',', quoted: format == RecordFormat.Csv));
    }

    public void Write(Record record, Outcome outcome, IBufferWriter<byte> output)
    {
        if (outcome.Kind == OutcomeKind.Failed && onFail.Action == FailAction.Mark)
            output.WriteText(onFail.Mark);
        else if (keeps(outcome) || (outcome.Kind == OutcomeKind.Failed && onFail.Action == FailAction.Pass))
            output.Write(record.Raw.Span);
        else
            return;
        output.Write(format switch
        {
            RecordFormat.Nul => "\0"u8,
            RecordFormat.Paragraphs => "\n\n"u8,
            _ => "\n"u8,
        });
    }
}
