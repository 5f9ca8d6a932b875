using Sluice.Core.Backend;
using Sluice.Core.Steps;

namespace Sluice.Models.Architectures;

/// <summary>
/// One rank's part of a model, as stages that can run on different hosts: embed, a range of layers, logits or hidden states. Holds weights only; what a
/// step computes lives in <see cref="ForwardBuffers"/> and KV stores, which the engine owns. Called from the engine's thread.
/// </summary>
public interface ILanguageModel : IDisposable
{
    ModelConfig Config { get; }

    /// <summary>How the layers' KV is grouped; index g is group g of every block table.</summary>
    IReadOnlyList<KvGroup> KvGroups { get; }

    /// <param name="maxRows">Most tokens in one step.</param>
    /// <param name="maxOutputs">Most rows whose logits are wanted in one step.</param>
    ForwardBuffers AllocateBuffers(int maxRows, int maxOutputs);

    /// <summary>Fills buffers.Hidden with the step's embeddings, and what all layers share (rope angles).</summary>
    void Embed(StepBatch batch, ForwardBuffers buffers);

    /// <summary>Runs layers over buffers.Hidden in place, storing their K and V. Stops early, with false, once <paramref name="control"/> says so.</summary>
    bool Forward(LayerRange layers, StepBatch batch, ReadOnlySpan<KvStore> kv, ForwardBuffers buffers, IStepControl control);

    /// <summary>Fills buffers.Logits, row i for batch.OutputRows[i].</summary>
    void Logits(StepBatch batch, ForwardBuffers buffers);

    /// <summary>
    /// Puts the output norm over buffers.Hidden in place, every row, for whoever wants hidden states. After <see cref="Logits"/>, which reads
    /// them as the layers left them.
    /// </summary>
    void Normalise(StepBatch batch, ForwardBuffers buffers);
}
