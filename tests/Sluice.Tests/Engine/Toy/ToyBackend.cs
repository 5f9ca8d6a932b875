using System.Runtime.InteropServices;
using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Core.Steps;

namespace Sluice.Tests.Engine.Toy;

/// <summary>As much of a backend as the engine itself touches: memory for logits and for KV.</summary>
internal sealed class ToyBackend : IBackend, IMemoryOps, IAttentionOps
{
    public string Name => "toy";

    public IMemoryOps Memory => this;

    public IAttentionOps Attention => this;

    public ILinearOps Linear => throw new InvalidOperationException("the toy model has no linear layers");

    public IElementwiseOps Elementwise => throw new InvalidOperationException("the toy model has no norms");

    public IExpertOps Experts => throw new InvalidOperationException("the toy model has no experts");

    public Tensor Allocate(int rows, int cols) => new ToyTensor(rows, cols);

    public long BlockBytes(KvGroupSpec spec) => spec.BlockTokens * sizeof(int);

    public KvStore AllocateKv(int group, KvGroupSpec spec, int blocks) => new ToyKv(group, spec, blocks);

    public void Read(Tensor tensor, int row, Span<float> destination) => ((ToyTensor)tensor).Row(row).CopyTo(destination);

    public void SaveBlock(KvStore kv, int block, Span<byte> bytes) => MemoryMarshal.AsBytes(Block(kv, block)).CopyTo(bytes);

    public void LoadBlock(KvStore kv, int block, ReadOnlySpan<byte> bytes) => bytes.CopyTo(MemoryMarshal.AsBytes(Block(kv, block)));

    public void FinishLoading()
    {
    }

    public Weight LoadTable(TensorView view) => throw new InvalidOperationException("the toy model has no weights");

    public Weight LoadMatrix(TensorView view) => throw new InvalidOperationException("the toy model has no weights");

    public Tensor LoadVector(TensorView view) => throw new InvalidOperationException("the toy model has no weights");

    public void Write(Tensor tensor, int firstRow, ReadOnlySpan<float> values) => throw new InvalidOperationException("the toy model embeds nothing");

    public void Append(KvStore kv, int layer, Tensor k, Tensor v, StepBatch batch) => throw new InvalidOperationException("the toy model stores tokens");

    public void Attend(KvStore kv, int layer, Tensor q, int heads, float scale, StepBatch batch, Tensor y) =>
        throw new InvalidOperationException("the toy model reads tokens");

    public void Observe(KvStore kv, int layer, Tensor q, int heads, float scale, StepBatch batch) =>
        throw new InvalidOperationException("the toy model counts what it reads itself");

    public void Dispose() { }

    private static Span<int> Block(KvStore kv, int block) => ((ToyKv)kv).Slots.AsSpan(block * kv.Spec.BlockTokens, kv.Spec.BlockTokens);
}
