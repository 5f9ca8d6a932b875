using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Core.Steps;
using Sluice.Cpu.Memory;

namespace Sluice.Cpu.Attention;

internal sealed unsafe class CpuKvStore : KvStore
{
    private readonly BackendBuffer _buffer;
    private readonly long _headPitch;

    public CpuKvStore(BackendMemory memory, AttentionKernel kernel, int group, KvGroupSpec spec, int blocks) : base(group, spec, blocks)
    {
        Kernel = kernel;
        Layout = new KvLayout(spec, kernel.Format, blocks);
        _headPitch = Layout.HeadPitch(blocks);
        _buffer = memory.Take(_headPitch * spec.KvHeads * spec.Layers, $"{blocks} KV blocks of {spec.BlockTokens} positions");
        MemoryAdvice.UseLargePages(_buffer.Address, _buffer.Bytes);
    }

    public AttentionKernel Kernel { get; }

    public KvLayout Layout { get; }

    /// <summary>The K of a head in a block.</summary>
    public byte* Head(int layer, int block, int head)
    {
        if ((uint)layer >= (uint)Spec.Layers || (uint)block >= (uint)Blocks)
            throw new ArgumentOutOfRangeException(nameof(block), $"block {block} of layer {layer} is outside {Blocks} blocks of {Spec.Layers} layers");
        return _buffer.Address + ((long)layer * Spec.KvHeads + head) * _headPitch + Layout.BlockOffset(block);
    }

    /// <summary>Places that hold a block: for each layer and head, one of K and one of V.</summary>
    public int BlockParts => 2 * Spec.Layers * Spec.KvHeads;

    /// <summary>What place <paramref name="part"/> holds of a block.</summary>
    public Span<byte> BlockPart(int block, int part)
    {
        var (layer, head) = Math.DivRem(part / 2, Spec.KvHeads);
        return new(Head(layer, block, head) + part % 2 * Layout.ValueDistance, Layout.KeyBytes);
    }

    /// <summary>The addresses of a head in several blocks.</summary>
    /// <param name="dropped">What is read in place of a dropped block: it weighs nothing, but must be numbers.</param>
    public void Heads(int layer, ReadOnlySpan<int> blocks, int head, byte* dropped, byte** heads)
    {
        byte* first = Head(layer, 0, head);
        for (int b = 0; b < blocks.Length; b++)
        {
            if ((uint)blocks[b] >= (uint)Blocks && blocks[b] != StepBatch.DroppedBlock)
                throw new ArgumentOutOfRangeException(nameof(blocks), $"block {blocks[b]} is outside {Blocks} blocks");
            heads[b] = blocks[b] == StepBatch.DroppedBlock ? dropped : first + Layout.BlockOffset(blocks[b]);
        }
    }

    public static CpuKvStore Of(KvStore store) =>
        store as CpuKvStore ?? throw new ArgumentException($"a {store.GetType().Name} does not belong to the CPU backend", nameof(store));

    public override void Dispose() => _buffer.Dispose();
}
