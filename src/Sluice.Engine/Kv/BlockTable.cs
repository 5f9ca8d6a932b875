using Sluice.Core.Steps;

namespace Sluice.Engine.Kv;

/// <summary>
/// The blocks of one sequence in one KV group, in order of position; <see cref="StepBatch.DroppedBlock"/> for those it needs no more.
/// </summary>
/// <param name="capacity">Most blocks it can have.</param>
internal sealed class BlockTable(int capacity)
{
    /// <summary>A place for a block whose content is still to be read from the second tier.</summary>
    public const int Lacking = -2;

    private readonly int[] _blocks = new int[capacity];
    private int _dropEnd;

    public int Count { get; private set; }

    /// <summary>Those of them that are not dropped.</summary>
    public int Held { get; private set; }

    public int this[int index] => _blocks[index];

    public ReadOnlySpan<int> Span => _blocks.AsSpan(0, Count);

    public void Add(int block)
    {
        _blocks[Count++] = block;
        Held += block == StepBatch.DroppedBlock ? 0 : 1;
    }

    /// <summary>Gives a lacking place its block.</summary>
    public void Fill(int index, int block) => _blocks[index] = block;

    /// <summary>Drops the blocks from <paramref name="first"/> up to <paramref name="end"/>, which never moves back.</summary>
    public void Drop(int first, int end, BlockPool pool)
    {
        for (int b = Math.Max(first, _dropEnd); b < Math.Min(end, Count); b++)
        {
            if (_blocks[b] == StepBatch.DroppedBlock)
                continue;
            pool.Release(_blocks[b]);
            _blocks[b] = StepBatch.DroppedBlock;
            Held--;
        }
        _dropEnd = Math.Max(_dropEnd, Math.Min(end, Count));
    }

    /// <summary>Gives the blocks behind the first <paramref name="count"/> back, none of which is dropped.</summary>
    public void Shrink(int count, BlockPool pool)
    {
        while (Count > count)
        {
            pool.Release(_blocks[--Count]);
            Held--;
        }
    }

    /// <summary>Gives all blocks back, the last one first, so that a prefix outlives its continuations in the free list.</summary>
    public void Clear(BlockPool pool)
    {
        for (int b = Count - 1; b >= 0; b--)
        {
            if (_blocks[b] is not (StepBatch.DroppedBlock or Lacking))
                pool.Release(_blocks[b]);
        }
        Count = 0;
        Held = 0;
        _dropEnd = 0;
    }
}
