namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>
/// Merges the symbols of one piece to the end. Short pieces look for the lowest rank by walking; long ones keep a heap and a linked list, so that
/// a word of a million letters costs n log n. For one thread at a time; the arrays are kept between pieces.
/// </summary>
internal sealed class MergeWork
{
    private const int ShortLimit = 48;
    private const int KeptSymbols = 1 << 16;

    private readonly RankHeap _heap = new();
    private int[] _ids = new int[ShortLimit];
    private int[] _starts = new int[ShortLimit + 1];
    private int[] _ranks = new int[ShortLimit];
    private int[] _merged = new int[ShortLimit];
    private int[] _next = [];
    private int[] _previous = [];

    /// <summary>Symbols in the piece: those added, and after <see cref="Merge"/> those that are left.</summary>
    public int Count { get; private set; }

    public int Id(int symbol) => _ids[symbol];

    /// <summary>Where the symbol lies in the piece.</summary>
    public Range Place(int symbol) => _starts[symbol].._starts[symbol + 1];

    /// <summary>Begins a piece of at most <paramref name="capacity"/> symbols.</summary>
    public void Begin(int capacity)
    {
        Count = 0;
        if (capacity <= _ids.Length)
            return;
        int size = Math.Max(capacity, _ids.Length * 2);
        _ids = new int[size];
        _starts = new int[size + 1];
        _ranks = new int[size];
        _merged = new int[size];
    }

    /// <summary>Adds a symbol that covers the bytes up to <paramref name="end"/>.</summary>
    public void Add(int id, int start, int end)
    {
        _ids[Count] = id;
        _starts[Count] = start;
        _starts[++Count] = end;
    }

    public void Merge<TRule>(TRule rule, ReadOnlySpan<byte> piece)
        where TRule : struct, IMergeRule
    {
        if (Count <= ShortLimit)
            MergeShort(rule, piece);
        else
            MergeLong(rule, piece);
    }

    /// <summary>Lets go of what a very long piece needed.</summary>
    public void Trim()
    {
        if (_ids.Length <= KeptSymbols)
            return;
        _ids = new int[ShortLimit];
        _starts = new int[ShortLimit + 1];
        _ranks = new int[ShortLimit];
        _merged = new int[ShortLimit];
        _next = _previous = [];
        _heap.Trim();
    }

    private void MergeShort<TRule>(TRule rule, ReadOnlySpan<byte> piece)
        where TRule : struct, IMergeRule
    {
        int count = Count;
        var ids = _ids.AsSpan();
        var starts = _starts.AsSpan();
        var ranks = _ranks.AsSpan();
        var merged = _merged.AsSpan();
        for (int i = 0; i + 1 < count; i++)
            ranks[i] = rule.Rank(ids[i], ids[i + 1], piece[starts[i]..starts[i + 2]], out merged[i]);
        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i + 1 < count; i++)
                if (ranks[i] < ranks[best])
                    best = i;
            if (ranks[best] == IMergeRule.Never)
                break;
            ids[best] = merged[best];
            int moved = count - best - 2;
            ids.Slice(best + 2, moved).CopyTo(ids[(best + 1)..]);
            starts.Slice(best + 2, moved + 1).CopyTo(starts[(best + 1)..]);
            ranks.Slice(best + 2, moved).CopyTo(ranks[(best + 1)..]);
            merged.Slice(best + 2, moved).CopyTo(merged[(best + 1)..]);
            count--;
            if (best + 1 < count)
                ranks[best] = rule.Rank(ids[best], ids[best + 1], piece[starts[best]..starts[best + 2]], out merged[best]);
            if (best > 0)
                ranks[best - 1] = rule.Rank(ids[best - 1], ids[best], piece[starts[best - 1]..starts[best + 1]], out merged[best - 1]);
        }
        Count = count;
    }

    private void MergeLong<TRule>(TRule rule, ReadOnlySpan<byte> piece)
        where TRule : struct, IMergeRule
    {
        if (_next.Length < Count)
        {
            _next = new int[_ids.Length];
            _previous = new int[_ids.Length];
        }
        _heap.Clear();
        for (int i = 0; i < Count; i++)
        {
            _next[i] = i + 1;
            _previous[i] = i - 1;
        }
        for (int i = 0; i < Count; i++)
            Rank(rule, i, piece);
        while (_heap.TryPop(out int rank, out int left))
        {
            if (_ranks[left] != rank)
                continue;
            int right = _next[left];
            _ids[left] = _merged[left];
            _ranks[right] = IMergeRule.Never;
            _next[left] = _next[right];
            if (_next[left] < Count)
                _previous[_next[left]] = left;
            Rank(rule, left, piece);
            if (_previous[left] >= 0)
                Rank(rule, _previous[left], piece);
        }
        Gather();
    }

    /// <summary>Ranks the pair that begins at a symbol and queues it.</summary>
    private void Rank<TRule>(TRule rule, int left, ReadOnlySpan<byte> piece)
        where TRule : struct, IMergeRule
    {
        int right = _next[left];
        _ranks[left] = IMergeRule.Never;
        if (right >= Count)
            return;
        int end = _starts[Math.Min(_next[right], Count)];
        _ranks[left] = rule.Rank(_ids[left], _ids[right], piece[_starts[left]..end], out _merged[left]);
        if (_ranks[left] != IMergeRule.Never)
            _heap.Push(_ranks[left], left);
    }

    private void Gather()
    {
        int kept = 0, end = _starts[Count];
        for (int i = 0; i < Count; i = _next[i], kept++)
            (_ids[kept], _starts[kept]) = (_ids[i], _starts[i]);
        _starts[kept] = end;
        Count = kept;
    }
}
