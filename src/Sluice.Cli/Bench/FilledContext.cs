using Sluice.Core.Backend;
using Sluice.Core.Steps;
using Sluice.Models.Architectures;

namespace Sluice.Cli.Bench;

/// <summary>
/// A model whose prompts can be stored without being computed: prefill of 32k tokens takes minutes, while how fast decoding goes after them depends on how
/// much is stored, not on what. Steps of one row are always the model's own.
/// </summary>
internal sealed class FilledContext(ILanguageModel model, IBackend backend) : ILanguageModel
{
    private volatile bool _fills;

    /// <summary>Whether steps of several rows store random keys and values instead of computing them. Set between requests, read by the engine's thread.</summary>
    public bool Fills
    {
        get => _fills;
        set => _fills = value;
    }

    /// <summary>Called before each step of one row, by the engine's thread in its turn on the device. Set between requests.</summary>
    public Action? Decoding { get; set; }

    /// <summary>Speed may be asked for beyond the context that the model was made for.</summary>
    public ModelConfig Config { get; } = model.Config with { ContextLength = Math.Max(model.Config.ContextLength, 1 << 24) };

    public IReadOnlyList<KvGroup> KvGroups => model.KvGroups;

    public ForwardBuffers AllocateBuffers(int maxRows, int maxOutputs) => model.AllocateBuffers(maxRows, maxOutputs);

    public void Embed(StepBatch batch, ForwardBuffers buffers) => model.Embed(batch, buffers);

    public bool Forward(LayerRange layers, StepBatch batch, ReadOnlySpan<KvStore> kv, ForwardBuffers buffers, IStepControl control)
    {
        if (batch.Rows == 1)
            Decoding?.Invoke();
        if (!Fills || batch.Rows == 1)
            return model.Forward(layers, batch, kv, buffers, control);
        foreach (KvStore store in kv)
        {
            using Tensor keys = Random(1, batch.Rows, store.Spec), values = Random(2, batch.Rows, store.Spec);
            for (int layer = 0; layer < store.Spec.Layers; layer++)
                backend.Attention.Append(store, layer, keys, values, batch);
        }
        return !control.Abandoned;
    }

    public void Logits(StepBatch batch, ForwardBuffers buffers) => model.Logits(batch, buffers);

    public void Normalise(StepBatch batch, ForwardBuffers buffers) => model.Normalise(batch, buffers);

    public void Dispose() => model.Dispose();

    private Tensor Random(int seed, int rows, KvGroupSpec spec)
    {
        var random = new Random(seed);
        var row = new float[spec.KvHeads * spec.HeadDim];
        Tensor tensor = backend.Memory.Allocate(rows, row.Length);
        for (int r = 0; r < rows; r++)
        {
            for (int i = 0; i < row.Length; i++)
                row[i] = (float)(random.NextDouble() * 2 - 1);
            backend.Memory.Write(tensor, r, row);
        }
        return tensor;
    }
}
