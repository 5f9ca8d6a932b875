using System.Buffers;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Merges as a file spells them, in order of rank.</summary>
internal sealed class MergeList
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);

    // Where each left and each right part begins in the bytes, in turn.
    private int[] _starts = new int[1 << 12];
    private int _parts;

    public int Count => (_parts + 1) / 2;

    public ReadOnlySpan<byte> Left(int index) => Part(2 * index);

    public ReadOnlySpan<byte> Right(int index) => Part(2 * index + 1);

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

    public void AddLeft(ReadOnlySpan<byte> left) => Add(left);

    /// <summary>Adds the right part to the left one added last.</summary>
    public void AddRight(ReadOnlySpan<byte> right) => Add(right);

    private void Add(ReadOnlySpan<byte> part)
    {
        if (_parts == _starts.Length)
            Array.Resize(ref _starts, _parts * 2);
        _starts[_parts++] = _bytes.WrittenCount;
        _bytes.Write(part);
    }

    private ReadOnlySpan<byte> Part(int part) =>
        _bytes.WrittenSpan[_starts[part]..(part + 1 < _parts ? _starts[part + 1] : _bytes.WrittenCount)];
}
