namespace Sluice.Pipe.Estimates;

/// <summary>Keeps some items of a stream whose length nobody knows, evenly spread over it: memory is bounded, chance has no part.</summary>
/// <param name="wanted">How many; 0 keeps none.</param>
internal sealed class Spread<T>(int wanted)
{
    private List<T> _kept = [];
    private long _stride = 1, _seen;

    public void Add(T item)
    {
        if (wanted == 0 || _seen++ % _stride != 0)
            return;
        _kept.Add(item);
        if (_kept.Count < 2 * wanted)
            return;
        _kept = [.. _kept.Where((_, index) => index % 2 == 0)];
        _stride *= 2;
    }

    /// <summary>As many as are wanted, or all where there are fewer, in order.</summary>
    public IReadOnlyList<T> Take()
    {
        int count = Math.Min(wanted, _kept.Count);
        return [.. Enumerable.Range(0, count).Select(i => _kept[(int)((long)i * _kept.Count / count)])];
    }
}
