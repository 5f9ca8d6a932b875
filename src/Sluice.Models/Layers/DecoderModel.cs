using Sluice.Core.Backend;
using Sluice.Core.Ranks;
using Sluice.Core.Steps;
using Sluice.Models.Adapters;
using Sluice.Models.Architectures;

namespace Sluice.Models.Layers;

/// <summary>A pre-norm decoder put together from its layers: what Llama, Mixtral, Qwen2 and Qwen3 all are.</summary>
internal sealed class DecoderModel(
    ModelConfig config, VocabEmbedding embedding, DecoderLayer[] layers, Tensor outputNorm, OutputHead head, IBackend backend,
    ICollective collective, AdapterTable adapters)
    : ILanguageModel, IAdaptable
{
    public ModelConfig Config { get; } = config;

    public AdapterTable Adapters { get; } = adapters;

    private readonly LayerGroups _groups = new(config);

    public IReadOnlyList<KvGroup> KvGroups => field ??=
        [.. _groups.Windows.Select(
            (window, g) => new KvGroup(_groups.LayersIn(g), Config.KvHeads / collective.Size, Config.HeadDim, window))];

    public ForwardBuffers AllocateBuffers(int maxRows, int maxOutputs) =>
        new DecoderBuffers(
            backend.Memory, Config, collective.Size, maxRows, maxOutputs, new AdaptedRows(backend.Linear, Adapters));

    public void Embed(StepBatch batch, ForwardBuffers buffers)
    {
        var b = (DecoderBuffers)buffers;
        b.Adapted.Begin(batch);
        embedding.Forward(batch, b.Hidden);
        backend.Elementwise.PrepareRope(Config.Rope, batch.Positions, b.RopeTable);
    }

    public bool Forward(LayerRange range, StepBatch batch, ReadOnlySpan<KvStore> kv, ForwardBuffers buffers, IStepControl control)
    {
        var b = (DecoderBuffers)buffers;
        int rows = batch.Rows;
        var ops = backend.Elementwise;
        for (int i = range.First; i < range.End; i++)
        {
            if (control.Abandoned)
                return false;
            var layer = layers[i];
            if (i == range.First)
                ops.RmsNorm(b.Hidden, rows, layer.AttentionNorm, Config.NormEpsilon, b.Normed);
            else // the layer before left its feed-forward's delta to be added here, in the same pass as the norm
                ops.AddRmsNorm(b.Hidden, b.Delta, rows, layer.AttentionNorm, Config.NormEpsilon, b.Normed);
            var (group, index) = _groups[i];
            layer.Attention.Forward(index, kv[group], batch, b);
            ops.AddRmsNorm(b.Hidden, b.Delta, rows, layer.FeedForwardNorm, Config.NormEpsilon, b.Normed);
            layer.FeedForward.Forward(rows, b);
        }
        ops.Add(b.Hidden, b.Delta, rows);
        return true;
    }

    public void Logits(StepBatch batch, ForwardBuffers buffers)
    {
        if (batch.OutputCount == 0)
            return;
        var b = (DecoderBuffers)buffers;
        backend.Linear.Gather(b.Hidden, batch.OutputRows, b.Outputs);
        backend.Elementwise.RmsNorm(b.Outputs, batch.OutputCount, outputNorm, Config.NormEpsilon, b.Outputs);
        head.Forward(b.Outputs, batch.OutputCount, b.LogitsPart, b.Logits, b.Adapted);
    }

    public void Normalise(StepBatch batch, ForwardBuffers buffers) =>
        backend.Elementwise.RmsNorm(buffers.Hidden, batch.Rows, outputNorm, Config.NormEpsilon, buffers.Hidden);

    public void Dispose()
    {
        embedding.Dispose();
        foreach (var layer in layers)
            layer.Dispose();
        outputNorm.Dispose();
        head.Dispose();
        Adapters.Dispose();
    }
}
