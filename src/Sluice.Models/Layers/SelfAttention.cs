using Sluice.Core.Backend;
using Sluice.Core.Steps;
using Sluice.Models.Architectures;

namespace Sluice.Models.Layers;

/// <summary>Grouped-query self-attention with rotary positions. Heads are split over the ranks.</summary>
internal sealed class SelfAttention(
    ColumnLinear q, ColumnLinear k, ColumnLinear v, RowLinear output, Tensor? qNorm, Tensor? kNorm, ModelConfig config, IBackend backend)
    : IDisposable
{
    private readonly float _scale = 1 / MathF.Sqrt(config.HeadDim);

    /// <summary>buffers.Delta = attention of buffers.Normed; stores the rows' K and V first, so that they see themselves as stored.</summary>
    /// <param name="layer">Index within the KV group.</param>
    public void Forward(int layer, KvStore kv, StepBatch batch, DecoderBuffers buffers)
    {
        int rows = batch.Rows;
        var ops = backend.Elementwise;
        backend.Linear.Project(buffers.Normed, rows, [q.Into(buffers.Q), k.Into(buffers.K), v.Into(buffers.V)]);
        buffers.Adapted.AddTo(buffers.Normed, [q.Adapted(buffers.Q), k.Adapted(buffers.K), v.Adapted(buffers.V)]);
        if (qNorm is not null)
            ops.HeadRmsNorm(buffers.Q, rows, config.HeadDim, qNorm, config.NormEpsilon);
        if (kNorm is not null)
            ops.HeadRmsNorm(buffers.K, rows, config.HeadDim, kNorm, config.NormEpsilon);
        ops.ApplyRope(config.Rope, buffers.Q, rows, config.HeadDim, buffers.RopeTable);
        ops.ApplyRope(config.Rope, buffers.K, rows, config.HeadDim, buffers.RopeTable);
        backend.Attention.Append(kv, layer, buffers.K, buffers.V, batch);
        backend.Attention.Attend(kv, layer, buffers.Q, q.Outputs / config.HeadDim, _scale, batch, buffers.Attended);
        if (batch.ObservesAttention)
            backend.Attention.Observe(kv, layer, buffers.Q, q.Outputs / config.HeadDim, _scale, batch);
        output.Forward(buffers.Attended, rows, buffers.Delta, buffers.Adapted);
    }

    public void Dispose()
    {
        q.Dispose();
        k.Dispose();
        v.Dispose();
        output.Dispose();
        qNorm?.Dispose();
        kNorm?.Dispose();
    }
}
