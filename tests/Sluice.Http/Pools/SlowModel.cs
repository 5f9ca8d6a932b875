using Sluice.Core.Backend;
using Sluice.Core.Steps;
using Sluice.Models.Architectures;

namespace Sluice.Http.Pools;

/// <summary>A model each of whose steps takes a while, so that a test can be in the middle of an answer.</summary>
internal sealed class SlowModel(ILanguageModel inner, TimeSpan step) : ILanguageModel
{
    public ModelConfig Config => inner.Config;

    public IReadOnlyList<KvGroup> KvGroups => inner.KvGroups;

    public ForwardBuffers AllocateBuffers(int maxRows, int maxOutputs) => inner.AllocateBuffers(maxRows, maxOutputs);

    public void Embed(StepBatch batch, ForwardBuffers buffers)
    {
        Thread.Sleep(step);
        inner.Embed(batch, buffers);
    }

    public bool Forward(LayerRange layers, StepBatch batch, ReadOnlySpan<KvStore> kv, ForwardBuffers buffers, IStepControl control) =>
        inner.Forward(layers, batch, kv, buffers, control);

    public void Logits(StepBatch batch, ForwardBuffers buffers) => inner.Logits(batch, buffers);

    public void Normalise(StepBatch batch, ForwardBuffers buffers) => inner.Normalise(batch, buffers);

    public void Dispose() => inner.Dispose();
}
