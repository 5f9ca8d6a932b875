using Sluice.Core.Steps;

namespace Sluice.Engine.Kv;

/// <summary>
/// The blocks of one sequence in one KV group, in order of position; <see cref="StepBatch.DroppedBlock"/> for those it needs no more.
/// Where blocks are chosen by attention, those not chosen are taken out instead, and the others move up.
/// </summary>
/// <param name="capacity">Most blocks it can have.</param>
internal sealed class BlockTable(int capacity)
{
    /// <summary>A place for a block whose content is still to be read from the second tier.</summary>
    public const int Lacking = -2;

    private readonly int[] _blocks = new int[capacity];
    private int _dropEnd;

    public int Count { get; private set; }

    /// <summary>Blocks that were taken out.</summary>
    public int Removed { get; private set; }

    /// <summary>Blocks of all positions so far, those taken out included.</summary>
    public int End => Count + Removed;

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

    /// <summary>Takes a block out, which is not dropped, and gives it back.</summary>
    public void RemoveAt(int index, BlockPool pool)
    {
        pool.Release(_blocks[index]);
        _blocks.AsSpan(index + 1, Count - index - 1).CopyTo(_blocks.AsSpan(index));
        Count--;
        Held--;
        Removed++;
    }

    /// <summary>Begins an empty table behind as many blocks as were taken out of another one.</summary>
    public void ContinueAfter(int removed) => Removed = removed;

    /// <summary>Gives the blocks behind the first <paramref name="end"/> positions' blocks back, none of which is dropped.</summary>
    public void Shrink(int end, BlockPool pool)
    {
        while (End > end)
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
        Removed = 0;
        _dropEnd = 0;
    }
}
