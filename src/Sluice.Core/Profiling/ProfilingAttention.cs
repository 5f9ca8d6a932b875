using System.Diagnostics;
using Sluice.Core.Backend;
using Sluice.Core.Steps;

namespace Sluice.Core.Profiling;

internal sealed class ProfilingAttention(IAttentionOps inner, Profile profile) : IAttentionOps
{
    public long BlockBytes(KvGroupSpec spec) => inner.BlockBytes(spec);

    public KvStore AllocateKv(int group, KvGroupSpec spec, int blocks) => inner.AllocateKv(group, spec, blocks);

    public void SaveBlock(KvStore kv, int block, Span<byte> bytes) => inner.SaveBlock(kv, block, bytes);

    public void LoadBlock(KvStore kv, int block, ReadOnlySpan<byte> bytes) => inner.LoadBlock(kv, block, bytes);

    public void Append(KvStore kv, int layer, Tensor k, Tensor v, StepBatch batch)
    {
        long began = Stopwatch.GetTimestamp();
        inner.Append(kv, layer, k, v, batch);
        profile.Add("append KV", began);
    }

    public void Attend(KvStore kv, int layer, Tensor q, int heads, float scale, StepBatch batch, Tensor y)
    {
        long began = Stopwatch.GetTimestamp();
        inner.Attend(kv, layer, q, heads, scale, batch, y);
        profile.Add("attention", began);
    }

    public void Observe(KvStore kv, int layer, Tensor q, int heads, float scale, StepBatch batch)
    {
        long began = Stopwatch.GetTimestamp();
        inner.Observe(kv, layer, q, heads, scale, batch);
        profile.Add("observe attention", began);
    }
}
