using System.Text;

namespace Sluice.Models.Tokenizers;

/// <summary>Tokens as spelled, by id and by spelling: one block of bytes and an open-addressed index over it. Immutable.</summary>
internal sealed class Vocabulary
{
    /// <summary>Highest number of ids a vocabulary may span; real ones stay below a million.</summary>
    public const int Limit = 1 << 22;

    private readonly byte[] _spellings;
    private readonly int[] _starts;
    private readonly int[] _index;
    private readonly int _indexMask;

    private Vocabulary(byte[] spellings, int[] starts, int[] index)
    {
        _spellings = spellings;
        _starts = starts;
        _index = index;
        _indexMask = index.Length - 1;
    }

    /// <summary>One above the highest id. An id in between that no token has is spelled empty.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>Bytes of all spellings together.</summary>
    public int TotalBytes => _spellings.Length;

    public ReadOnlySpan<byte> Spelling(int id) => _spellings.AsSpan(_starts[id], _starts[id + 1] - _starts[id]);

    public string Text(int id) => Encoding.UTF8.GetString(Spelling(id));

    /// <summary>The id spelled so, or -1.</summary>
    public int Find(ReadOnlySpan<byte> spelling)
    {
        if (spelling.IsEmpty)
            return -1;
        for (int slot = (int)ByteHash.Of(spelling) & _indexMask; _index[slot] != 0; slot = (slot + 1) & _indexMask)
            if (spelling.SequenceEqual(Spelling(_index[slot] - 1)))
                return _index[slot] - 1;
        return -1;
    }

    /// <summary>The greatest length of a spelling, by the given measure.</summary>
    public int Longest(Func<ReadOnlySpan<byte>, int> length)
    {
        int longest = 0;
        for (int id = 0; id < Count; id++)
            longest = Math.Max(longest, length(Spelling(id)));
        return longest;
    }

    public int Find(string spelling) => Find(Encoding.UTF8.GetBytes(spelling));

    /// <summary>
    /// Builds the index. Of ids that share one spelling the first is found by it, as in the files that pad with repeats.
    /// </summary>
    /// <param name="spellings">All spellings, one after another.</param>
    /// <param name="starts">Start of each id's spelling, and the end of the last.</param>
    public static Vocabulary Create(byte[] spellings, int[] starts)
    {
        int size = 16;
        while (size < starts.Length * 2)
            size *= 2;
        var vocabulary = new Vocabulary(spellings, starts, new int[size]);
        for (int id = 0; id < vocabulary.Count; id++)
            vocabulary.Index(id);
        return vocabulary;
    }

    private void Index(int id)
    {
        var spelling = Spelling(id);
        if (spelling.IsEmpty)
            return;
        int slot = (int)ByteHash.Of(spelling) & _indexMask;
        for (; _index[slot] != 0; slot = (slot + 1) & _indexMask)
            if (spelling.SequenceEqual(Spelling(_index[slot] - 1)))
                return;
        _index[slot] = id + 1;
    }
}
