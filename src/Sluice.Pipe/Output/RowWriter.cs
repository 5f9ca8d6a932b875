using System.Buffers;
using Sluice.Pipe.Records;

namespace Sluice.Pipe.Output;

/// <summary>
/// A table: the input's columns (where it has none, <c>input</c>) and what is added; where nothing is, <c>answer</c> and <c>status</c>.
/// The first row names the columns. An addition of a column's name takes its place.
/// </summary>
/// <param name="quoted">RFC 4180; else tabs, line ends and quotes of values become or stay plain.</param>
public sealed class RowWriter(OnFail onFail, IReadOnlyList<Addition> additions, char separator, bool quoted) : IOutcomeWriter
{
    private static readonly Addition[] Standard = [new("answer", AddedValue.Answer), new("status", AddedValue.Status)];

    private readonly IReadOnlyList<Addition> _additions = additions.Count > 0 ? additions : Standard;

    public void WriteHeader(IReadOnlyList<string>? columns, IBufferWriter<byte> output)
    {
        IReadOnlyList<string> header = columns ?? ["input"];
        output.WriteLine(RowText.Join(
            header.Concat(_additions.Select(one => one.Name).Where(name => !header.Contains(name))), separator, quoted));
    }

    public void Write(Record record, Outcome outcome, IBufferWriter<byte> output)
    {
        if (outcome.Kind == OutcomeKind.Failed && onFail.Action == FailAction.Drop)
            return;
        bool untouched = outcome.Kind == OutcomeKind.Failed && onFail.Action == FailAction.Pass;
        string instead = untouched ? "" : onFail.Instead(record.Text) ?? "";
        (IReadOnlyList<string> header, IReadOnlyList<string> values) = record.Fields is ColumnFields row
            ? (row.Header, row.Values)
            : (["input"], [record.Text]);
        var cells = new List<string>(header.Count + _additions.Count);
        for (int i = 0; i < header.Count; i++)
            cells.Add(i < values.Count ? values[i] : "");
        foreach (Addition addition in _additions)
        {
            int place = IndexOf(header, addition.Name);
            if (place < 0)
                cells.Add(addition.Text(outcome, instead));
            else if (!untouched)
                cells[place] = addition.Text(outcome, instead);
        }
        output.WriteLine(RowText.Join(cells, separator, quoted));
    }

    private static int IndexOf(IReadOnlyList<string> header, string name)
    {
        for (int i = 0; i < header.Count; i++)
        {
            if (header[i] == name)
                return i;
        }
        return -1;
    }
}
