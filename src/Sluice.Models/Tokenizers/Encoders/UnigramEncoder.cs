using System.Runtime.InteropServices;
using System.Text;

namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>SentencePiece's unigram model: of all ways to cut a piece into tokens the one of the highest total score (Viterbi).</summary>
internal sealed class UnigramEncoder : IPieceEncoder
{
    private const double UnknownPenalty = 10;

    private readonly PrefixTrie _trie = new();
    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly int? _unknown;
    private readonly int[]? _byteTokens;
    private readonly SafeCuts? _cuts;

    /// <param name="scores">Score of each token.</param>
    /// <param name="candidates">Ids that a text may be cut into.</param>
    /// <param name="lowest">The lowest score of an ordinary token: unknown characters score below it.</param>
    /// <param name="unknown">The token of what is no token; null drops it.</param>
    /// <param name="byteFallback">Whether unknown text becomes the tokens &lt;0xNN&gt; of its bytes, where the vocabulary has them all.</param>
    public UnigramEncoder(
        Vocabulary vocabulary, double[] scores, IEnumerable<int> candidates, double lowest, int? unknown, bool byteFallback)
    {
        _scores = scores;
        _unknown = unknown;
        _unknownScore = lowest - UnknownPenalty;
        foreach (int id in candidates)
            if (!vocabulary.Spelling(id).IsEmpty)
                _trie.Add(vocabulary.Spelling(id), id);
        if (vocabulary.Find(WordMark.Utf8) >= 0)
            _cuts = new SafeCuts(vocabulary);
        if (byteFallback)
            _byteTokens = [.. Enumerable.Range(0, 256).Select(value => vocabulary.Find(ByteToken.Spelling((byte)value)))];
        if (_byteTokens?.Contains(-1) == false)
            MostBytesPerId = vocabulary.Longest(spelling => spelling.Length);
    }

    public int MostBytesPerId { get; } = int.MaxValue;

    public void Encode(ReadOnlySpan<byte> piece, EncodeScratch scratch, List<int> ids)
    {
        while (_cuts is not null && _cuts.TryCut(piece, out int cut))
        {
            EncodeWord(piece[..cut], scratch, ids);
            piece = piece[cut..];
        }
        EncodeWord(piece, scratch, ids);
    }

    private void EncodeWord(ReadOnlySpan<byte> word, EncodeScratch scratch, List<int> ids)
    {
        var best = scratch.Paths.Begin(word.Length);
        for (int start = 0; start < word.Length;)
        {
            Rune.DecodeFromUtf8(word[start..], out _, out int length);
            double so = best[start].Score;
            bool single = false;
            for (int at = start, node = PrefixTrie.Root; at < word.Length && _trie.TryStep(ref node, word[at]); at++)
            {
                if (_trie.Value(node) is not (var id and >= 0))
                    continue;
                best[at + 1].Offer(start, id, so + _scores[id]);
                single |= at + 1 - start == length;
            }
            if (!single)
                best[start + length].Offer(start, PathStep.Unknown, so + _unknownScore);
            start += length;
        }
        Collect(word, best, ids);
    }

    /// <summary>Walks the best path back from its end. Neighbouring unknown characters count as one.</summary>
    private void Collect(ReadOnlySpan<byte> word, ReadOnlySpan<PathStep> best, List<int> ids)
    {
        int first = ids.Count;
        for (int end = word.Length; end > 0;)
        {
            int start = best[end].Start;
            if (best[end].Id != PathStep.Unknown)
                ids.Add(best[end].Id);
            else
            {
                while (start > 0 && best[start].Id == PathStep.Unknown)
                    start = best[start].Start;
                AddUnknown(word[start..end], ids);
            }
            end = start;
        }
        CollectionsMarshal.AsSpan(ids)[first..].Reverse();
    }

    private void AddUnknown(ReadOnlySpan<byte> text, List<int> ids)
    {
        bool bytes = _byteTokens is not null;
        foreach (byte value in text)
            bytes = bytes && _byteTokens![value] >= 0;
        for (int i = text.Length - 1; bytes && i >= 0; i--)
            ids.Add(_byteTokens![text[i]]);
        if (!bytes && _unknown is { } unknown)
            ids.Add(unknown);
    }
}
