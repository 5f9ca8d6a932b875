using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Core.Steps;
using Sluice.Cpu.Memory;

namespace Sluice.Cpu.Attention;

internal sealed unsafe class CpuKvStore : KvStore
{
    private readonly BackendBuffer _buffer;

    public CpuKvStore(BackendMemory memory, AttentionKernel kernel, int group, KvGroupSpec spec, int blocks) : base(group, spec, blocks)
    {
        Kernel = kernel;
        Layout = new KvLayout(spec, kernel.Format);
        _buffer = memory.Take(Layout.GroupBlockBytes * blocks, $"{blocks} KV blocks of {spec.BlockTokens} positions");
        MemoryAdvice.UseLargePages(_buffer.Address, _buffer.Bytes);
    }

    public AttentionKernel Kernel { get; }

    public KvLayout Layout { get; }

    public byte* Head(int layer, int block, int head)
    {
        if ((uint)layer >= (uint)Spec.Layers || (uint)block >= (uint)Blocks)
            throw new ArgumentOutOfRangeException(nameof(block), $"block {block} of layer {layer} is outside {Blocks} blocks of {Spec.Layers} layers");
        return _buffer.Address + (((long)layer * Spec.KvHeads + head) * Blocks + block) * Layout.HeadBytes;
    }

    /// <summary>Places that hold a block: one for each layer and head.</summary>
    public int BlockParts => Spec.Layers * Spec.KvHeads;

    /// <summary>What place <paramref name="part"/> holds of a block.</summary>
    public Span<byte> BlockPart(int block, int part) => new(Head(part / Spec.KvHeads, block, part % Spec.KvHeads), Layout.HeadBytes);

    /// <summary>The addresses of a head in several blocks.</summary>
    /// <param name="dropped">What is read in place of a dropped block: it weighs nothing, but must be numbers.</param>
    public void Heads(int layer, ReadOnlySpan<int> blocks, int head, byte* dropped, byte** heads)
    {
        byte* first = Head(layer, 0, head);
        long pitch = Layout.HeadBytes;
        for (int b = 0; b < blocks.Length; b++)
        {
            if ((uint)blocks[b] >= (uint)Blocks && blocks[b] != StepBatch.DroppedBlock)
                throw new ArgumentOutOfRangeException(nameof(blocks), $"block {blocks[b]} is outside {Blocks} blocks");
            heads[b] = blocks[b] == StepBatch.DroppedBlock ? dropped : first + blocks[b] * pitch;
        }
    }

    public static CpuKvStore Of(KvStore store) =>
        store as CpuKvStore ?? throw new ArgumentException($"a {store.GetType().Name} does not belong to the CPU backend", nameof(store));

    public override void Dispose() => _buffer.Dispose();
}
