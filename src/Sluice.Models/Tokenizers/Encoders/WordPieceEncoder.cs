namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>WordPiece: the longest token that a word begins with, then the longest that goes on; a word that does not come out whole is unknown.</summary>
internal sealed class WordPieceEncoder : IPieceEncoder
{
    private readonly PrefixTrie _starts = new();
    private readonly PrefixTrie _continuations = new();
    private readonly int _unknown;
    private readonly int _limit;

    /// <param name="startPrefix">What tokens that begin a word are spelled with before their text.</param>
    /// <param name="continuingPrefix">Likewise those that go on with it. One of the two is empty; the other tells the kinds apart.</param>
    /// <param name="limit">Longest word in characters; a longer one is unknown.</param>
    public WordPieceEncoder(Vocabulary vocabulary, ReadOnlySpan<byte> startPrefix, ReadOnlySpan<byte> continuingPrefix, int unknown, int limit)
    {
        _unknown = unknown;
        _limit = limit;
        for (int id = 0; id < vocabulary.Count; id++)
        {
            var spelling = vocabulary.Spelling(id);
            bool starts = continuingPrefix.IsEmpty ? spelling.StartsWith(startPrefix) : !spelling.StartsWith(continuingPrefix);
            var text = spelling[(starts ? startPrefix.Length : continuingPrefix.Length)..];
            if (!text.IsEmpty)
                (starts ? _starts : _continuations).Add(text, id);
        }
    }

    public void Encode(ReadOnlySpan<byte> piece, EncodeScratch scratch, List<int> ids)
    {
        int before = ids.Count;
        bool whole = Characters(piece) <= _limit;
        for (int start = 0; whole && start < piece.Length;)
        {
            var trie = start == 0 ? _starts : _continuations;
            int id = -1, end = start;
            for (int at = start, node = PrefixTrie.Root; at < piece.Length && trie.TryStep(ref node, piece[at]); at++)
                if (trie.Value(node) is var value and >= 0)
                    (id, end) = (value, at + 1);
            whole = id >= 0;
            if (whole)
                ids.Add(id);
            start = end;
        }
        if (whole)
            return;
        ids.RemoveRange(before, ids.Count - before);
        ids.Add(_unknown);
    }

    private static int Characters(ReadOnlySpan<byte> piece)
    {
        int count = 0;
        foreach (byte value in piece)
            count += (value & 0xC0) == 0x80 ? 0 : 1;
        return count;
    }
}
