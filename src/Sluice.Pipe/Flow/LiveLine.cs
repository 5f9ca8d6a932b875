using System.Collections.Concurrent;
using System.Text;
using Sluice.Pipe.Records;

namespace Sluice.Pipe.Flow;

/// <summary>
/// Shows the answer whose turn it is as far as it has come; answers behind it wait in memory, as they would anyway. What was shown is the
/// beginning of the line that the whole answer makes, so the end of the record adds the rest of it.
/// </summary>
internal sealed class LiveLine(ReorderWindow window) : ILiveOutput
{
    private readonly ConcurrentDictionary<long, Line> _lines = new();

    public void Add(long record, string piece)
    {
        Line line = _lines.GetOrAdd(record, static _ => new Line());
        line.Text.Append(piece);
        if (!window.IsNext(record))
            return;
        byte[] bytes = Encoding.UTF8.GetBytes(OneLine.Of(WholeCharacters(line.Text.ToString()).Trim()));
        if (bytes.Length > line.Shown.Length && window.AddPart(record, bytes.AsMemory(line.Shown.Length)))
            line.Shown = bytes;
    }

    public ReadOnlyMemory<byte> End(long record, ReadOnlyMemory<byte> bytes)
    {
        if (!_lines.TryRemove(record, out Line? line) || line.Shown.Length == 0)
            return bytes;
        // One that failed halfway stays as it is; what stands for it has a line of its own.
        return bytes.Span.StartsWith(line.Shown) ? bytes[line.Shown.Length..] : (byte[])[(byte)'\n', .. bytes.Span];
    }

    // A piece may end within a character of two halves.
    private static string WholeCharacters(string text) => text is [.., var last] && char.IsHighSurrogate(last) ? text[..^1] : text;

    private sealed class Line
    {
        public StringBuilder Text { get; } = new();

        public byte[] Shown { get; set; } = [];
    }
}
