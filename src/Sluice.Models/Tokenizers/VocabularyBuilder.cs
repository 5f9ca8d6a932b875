using System.Buffers;

namespace Sluice.Models.Tokenizers;

/// <summary>Gathers tokens in any order of id and lays them out as a <see cref="Vocabulary"/>.</summary>
internal sealed class VocabularyBuilder
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);
    private int[] _starts = new int[1 << 12];
    private int[] _lengths = new int[1 << 12];
    private bool _ordered = true;
    private int _filled;

    /// <summary>One above the highest id so far.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the id has a spelling already.</summary>
    public bool Has(int id) => id < Count && _lengths[id] > 0;

    public ReadOnlySpan<byte> Spelling(int id) => _bytes.WrittenSpan.Slice(_starts[id], _lengths[id]);

    /// <summary>Gives an id its spelling. The id must be free and below <see cref="Vocabulary.Limit"/>.</summary>
    public void Add(int id, ReadOnlySpan<byte> spelling)
    {
        if (id >= _starts.Length)
        {
            int size = Math.Max(id + 1, _starts.Length * 2);
            Array.Resize(ref _starts, size);
            Array.Resize(ref _lengths, size);
        }
        _ordered &= id == _filled;
        _filled++;
        Count = Math.Max(Count, id + 1);
        _starts[id] = _bytes.WrittenCount;
        _lengths[id] = spelling.Length;
        _bytes.Write(spelling);
    }

    public Vocabulary Build()
    {
        var starts = new int[Count + 1];
        var spellings = new byte[_bytes.WrittenCount];
        if (_ordered)
            _bytes.WrittenSpan.CopyTo(spellings);
        for (int id = 0, start = 0; id < Count; id++)
        {
            if (!_ordered)
                Spelling(id).CopyTo(spellings.AsSpan(start));
            start += _lengths[id];
            starts[id + 1] = start;
        }
        return Vocabulary.Create(spellings, starts);
    }
}
