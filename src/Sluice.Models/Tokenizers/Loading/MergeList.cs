using System.Buffers;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Merges as a file spells them, in order of rank.</summary>
internal sealed class MergeList
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);
    private readonly List<(int Start, int Left, int Right)> _entries = [];

    public int Count => _entries.Count;

    public ReadOnlySpan<byte> Left(int index) => _bytes.WrittenSpan.Slice(_entries[index].Start, _entries[index].Left);

    public ReadOnlySpan<byte> Right(int index) => _bytes.WrittenSpan.Slice(_entries[index].Start + _entries[index].Left, _entries[index].Right);

    /// <summary>Adds a line of two parts and a space between. False when it has no such space, or when strict, more than one.</summary>
    public bool TryAddLine(ReadOnlySpan<byte> line, bool strict)
    {
        // A part may itself begin with a space: the first byte is never the one between.
        int space = line.Length < 2 ? -1 : line[1..].IndexOf((byte)' ') + 1;
        if (space <= 0 || (strict && line[(space + 1)..].Contains((byte)' ')))
            return false;
        AddLeft(line[..space]);
        AddRight(line[(space + 1)..]);
        return true;
    }

    public void AddLeft(ReadOnlySpan<byte> left)
    {
        _entries.Add((_bytes.WrittenCount, left.Length, 0));
        _bytes.Write(left);
    }

    public void AddRight(ReadOnlySpan<byte> right)
    {
        var (start, left, _) = _entries[^1];
        _entries[^1] = (start, left, right.Length);
        _bytes.Write(right);
    }
}
