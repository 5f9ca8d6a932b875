namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>Merges of SentencePiece's BPE: any two neighbours whose text is a token merge, the token of the best score first.</summary>
internal readonly struct ScoredMerges : IMergeRule
{
    private readonly Vocabulary _vocabulary;
    private readonly int[] _ranks;

    private ScoredMerges(Vocabulary vocabulary, int[] ranks)
    {
        _vocabulary = vocabulary;
        _ranks = ranks;
    }

    /// <param name="scores">Score of each id; equal scores merge from the left.</param>
    /// <param name="mayForm">Whether a token may come out of a merge.</param>
    public static ScoredMerges Create(Vocabulary vocabulary, ReadOnlySpan<float> scores, Func<int, bool> mayForm)
    {
        var order = new int[vocabulary.Count];
        var keys = new float[vocabulary.Count];
        for (int id = 0; id < order.Length; id++)
            (order[id], keys[id]) = (id, -scores[id]);
        Array.Sort(keys, order);
        var ranks = new int[order.Length];
        for (int i = 1; i < order.Length; i++)
            ranks[order[i]] = ranks[order[i - 1]] + (keys[i] > keys[i - 1] ? 1 : 0);
        for (int id = 0; id < ranks.Length; id++)
            if (!mayForm(id))
                ranks[id] = IMergeRule.Never;
        return new ScoredMerges(vocabulary, ranks);
    }

    public int Rank(int left, int right, ReadOnlySpan<byte> both, out int merged)
    {
        merged = _vocabulary.Find(both);
        return merged < 0 ? IMergeRule.Never : _ranks[merged];
    }
}
