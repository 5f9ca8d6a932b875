using Sluice.Core.Backend;
using Sluice.Core.Steps;
using Sluice.Models.Architectures;

namespace Sluice.Tests.Engine.Toy;

/// <summary>
/// A model whose next token is a hash of all tokens before it, read back from the KV slots that the block tables name. So a block that was
/// shared wrongly, freed too early or written by a neighbour shows as another token than <see cref="Next"/> gives.
/// </summary>
internal sealed class ToyModel(int trainedFor = 1 << 20) : ILanguageModel
{
    public const int Vocabulary = 97, Dim = 1;

    /// <summary>A token that makes every later logit of its sequence NaN.</summary>
    public const int Poison = 96;

    /// <summary>What the norm adds, so that a state that was not normed shows.</summary>
    private const float Norm = 0.5f;

    public ModelConfig Config { get; } = new()
    {
        Architecture = "toy", Dim = Dim, Layers = 2, Heads = 1, KvHeads = 1, HeadDim = 1, FeedForward = 1, Vocabulary = Vocabulary,
        ContextLength = trainedFor, NormEpsilon = 1, Rope = new RopeSpec([1], 1, RopeLayout.Halves), TiedEmbeddings = true,
    };

    public IReadOnlyList<KvGroup> KvGroups { get; } = [new KvGroup(2, 1, 1)];

    /// <summary>Runs at the start of every step, on the engine's thread: faults, delays, measurements.</summary>
    public Action<StepBatch>? OnStep { get; set; }

    /// <summary>Runs between layers.</summary>
    public Action? OnLayer { get; set; }

    /// <summary>The token that follows a context; never <see cref="Poison"/>.</summary>
    public static int Next(IEnumerable<int> context)
    {
        uint hash = 2166136261;
        foreach (int token in context)
            hash = (hash ^ (uint)(token + 1)) * 16777619;
        return (int)(hash % Poison);
    }

    /// <summary>The normed hidden state at the end of a context.</summary>
    public static float Hidden(IEnumerable<int> context) => Next(context) + Norm;

    /// <summary>What an undisturbed run generates.</summary>
    public static int[] Generate(IReadOnlyList<int> prompt, int count)
    {
        var all = prompt.ToList();
        for (int i = 0; i < count; i++)
            all.Add(Next(all));
        return [.. all.Skip(prompt.Count)];
    }

    public ForwardBuffers AllocateBuffers(int maxRows, int maxOutputs) => new ToyBuffers(maxRows, maxOutputs);

    public void Embed(StepBatch batch, ForwardBuffers buffers) => OnStep?.Invoke(batch);

    public bool Forward(LayerRange layers, StepBatch batch, ReadOnlySpan<KvStore> kv, ForwardBuffers buffers, IStepControl control)
    {
        for (int layer = layers.First; layer < layers.End; layer++)
        {
            OnLayer?.Invoke();
            if (control.Abandoned)
                return false;
        }
        var slots = ((ToyKv)kv[0]).Slots;
        int blockTokens = kv[0].Spec.BlockTokens, output = 0;
        for (int s = 0; s < batch.SequenceCount; s++)
        {
            var slice = batch.Sequences[s];
            var table = batch.BlockTable(0, s);
            for (int r = 0; r < slice.Rows; r++)
            {
                int position = slice.FirstPosition + r;
                slots[table[position / blockTokens] * blockTokens + position % blockTokens] = batch.Tokens[slice.FirstRow + r];
                if (batch.WantsHidden)
                    WriteHidden(slots, table, blockTokens, position + 1, ((ToyTensor)buffers.Hidden).Row(slice.FirstRow + r));
                if (output < batch.OutputCount && batch.OutputRows[output] == slice.FirstRow + r)
                    WriteLogits(slots, table, blockTokens, position + 1, ((ToyTensor)buffers.Logits).Row(output++));
            }
        }
        return true;
    }

    public void Logits(StepBatch batch, ForwardBuffers buffers) { }

    public void Normalise(StepBatch batch, ForwardBuffers buffers)
    {
        for (int r = 0; r < batch.Rows; r++)
            ((ToyTensor)buffers.Hidden).Row(r)[0] += Norm;
    }

    public void Dispose() { }

    private static void WriteHidden(int[] slots, ReadOnlySpan<int> table, int blockTokens, int length, Span<float> hidden) =>
        hidden[0] = Read(slots, table, blockTokens, length, out uint hash) ? float.NaN : hash % Poison;

    private static void WriteLogits(int[] slots, ReadOnlySpan<int> table, int blockTokens, int length, Span<float> logits)
    {
        bool poisoned = Read(slots, table, blockTokens, length, out uint hash);
        logits.Fill(poisoned ? float.NaN : 0);
        if (!poisoned)
            logits[(int)(hash % Poison)] = 1;
    }

    /// <summary>Whether the poison is among the tokens that the slots hold.</summary>
    private static bool Read(int[] slots, ReadOnlySpan<int> table, int blockTokens, int length, out uint hash)
    {
        hash = 2166136261;
        bool poisoned = false;
        for (int p = 0; p < length; p++)
        {
            int token = slots[table[p / blockTokens] * blockTokens + p % blockTokens];
            poisoned |= token == Poison;
            hash = (hash ^ (uint)(token + 1)) * 16777619;
        }
        return poisoned;
    }
}
