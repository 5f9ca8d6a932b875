namespace Sluice.Engine.Kv;

/// <summary>The blocks of one sequence in one KV group, in order of position.</summary>
/// <param name="capacity">Most blocks it can have.</param>
internal sealed class BlockTable(int capacity)
{
    private readonly int[] _blocks = new int[capacity];

    public int Count { get; private set; }

    public int this[int index] => _blocks[index];

    public ReadOnlySpan<int> Span => _blocks.AsSpan(0, Count);

    /// <summary>The prefix that ends with the last published block; null once a block could not be published, after which none is.</summary>
    public BlockPrefix? Published { get; set; }

    public void Add(int block) => _blocks[Count++] = block;

    public void Clear() => Count = 0;
}
