using Sluice.Core.Backend;
using Sluice.Core.Steps;
using Sluice.Models.Architectures;
using Sluice.Tests.Engine.Toy;

namespace Sluice.Tests.Engine.Speculation;

/// <summary>A Markov chain as a language model: the logits after a token are a row of a table.</summary>
internal sealed class ChainModel(float[][] logits) : ILanguageModel
{
    public ModelConfig Config { get; } = new()
    {
        Architecture = "chain", Dim = 1, Layers = 1, Heads = 1, KvHeads = 1, HeadDim = 1, FeedForward = 1, Vocabulary = logits.Length,
        ContextLength = 1 << 20, NormEpsilon = 1, Rope = new RopeSpec([1], 1, RopeLayout.Halves), TiedEmbeddings = true,
    };

    public IReadOnlyList<KvGroup> KvGroups { get; } = [new KvGroup(1, 1, 1)];

    public ForwardBuffers AllocateBuffers(int maxRows, int maxOutputs) => new Buffers(logits.Length, maxRows, maxOutputs);

    public void Embed(StepBatch batch, ForwardBuffers buffers) { }

    public bool Forward(LayerRange layers, StepBatch batch, ReadOnlySpan<KvStore> kv, ForwardBuffers buffers, IStepControl control)
    {
        for (int i = 0; i < batch.OutputCount; i++)
            logits[batch.Tokens[batch.OutputRows[i]]].CopyTo(((ToyTensor)buffers.Logits).Row(i));
        return true;
    }

    public void Logits(StepBatch batch, ForwardBuffers buffers) { }

    public void Normalise(StepBatch batch, ForwardBuffers buffers) { }

    public void Dispose() { }

    private sealed class Buffers(int vocabulary, int maxRows, int maxOutputs)
        : ForwardBuffers(new ToyBackend(), 1, vocabulary, maxRows, maxOutputs);
}
