using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Core.Steps;
using Sluice.Cpu.Memory;

namespace Sluice.Cpu.Attention;

internal sealed class CpuAttentionOps : IAttentionOps, IDisposable
{
    private readonly CpuDevice _device;
    private readonly BackendMemory _memory;
    private readonly Scratch _workerScratch;
    private readonly Scratch _partScratch;
    private readonly Zeros _droppedHead;
    private readonly AppendJob _append;
    private readonly AttendJob _attend;
    private readonly Scratch _observerScratch;
    private readonly ObserveJob _observe;

    public CpuAttentionOps(CpuDevice device, BackendMemory memory)
    {
        _device = device;
        _memory = memory;
        _workerScratch = new Scratch(memory, "attention scores");
        _partScratch = new Scratch(memory, "parts of attention over long contexts");
        _droppedHead = new Zeros(memory, "what attention reads of dropped KV blocks");
        _append = new AppendJob(device.Pool);
        _attend = new AttendJob(device.Pool, _workerScratch, _partScratch, _droppedHead);
        _observerScratch = new Scratch(memory, "what tokens attend to");
        _observe = new ObserveJob(device.Pool, _observerScratch);
    }

    public long BlockBytes(KvGroupSpec spec) => new KvLayout(spec, _device.Kernels.ForKv(spec.Type).Format).GroupBlockBytes;

    public KvStore AllocateKv(int group, KvGroupSpec spec, int blocks)
    {
        AttentionKernel kernel = _device.Kernels.ForKv(spec.Type);
        if (spec.BlockTokens > kernel.MostBlockTokens)
            throw new SluiceException($"KV blocks of {spec.BlockTokens} positions are too long for {spec.Type}: at most {kernel.MostBlockTokens}");
        return new CpuKvStore(_memory, kernel, group, spec, blocks);
    }

    public void Append(KvStore kv, int layer, Tensor k, Tensor v, StepBatch batch) =>
        _append.Run(CpuKvStore.Of(kv), layer, CpuTensor.Of(k), CpuTensor.Of(v), batch);

    public void SaveBlock(KvStore kv, int block, Span<byte> bytes)
    {
        var store = CpuKvStore.Of(kv);
        for (int part = 0; part < store.BlockParts; part++, bytes = bytes[store.Layout.KeyBytes..])
            store.BlockPart(block, part).CopyTo(bytes);
    }

    public void LoadBlock(KvStore kv, int block, ReadOnlySpan<byte> bytes)
    {
        var store = CpuKvStore.Of(kv);
        for (int part = 0; part < store.BlockParts; part++, bytes = bytes[store.Layout.KeyBytes..])
            bytes[..store.Layout.KeyBytes].CopyTo(store.BlockPart(block, part));
    }

    public void Attend(KvStore kv, int layer, Tensor q, int heads, float scale, StepBatch batch, Tensor y) =>
        _attend.Run(CpuKvStore.Of(kv), layer, CpuTensor.Of(q), heads, scale, batch, CpuTensor.Of(y));

    public void Observe(KvStore kv, int layer, Tensor q, int heads, float scale, StepBatch batch)
    {
        if (kv.Spec.Window == 0)
            _observe.Run(CpuKvStore.Of(kv), layer, CpuTensor.Of(q), heads, scale, batch);
    }

    public void Dispose()
    {
        _workerScratch.Dispose();
        _partScratch.Dispose();
        _droppedHead.Dispose();
        _observerScratch.Dispose();
    }
}
