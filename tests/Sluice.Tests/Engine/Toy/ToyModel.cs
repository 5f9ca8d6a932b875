using Sluice.Core.Backend;
using Sluice.Core.Steps;
using Sluice.Models.Architectures;

namespace Sluice.Tests.Engine.Toy;

/// <summary>
/// A model whose next token is a hash of all tokens it sees, read back in every KV group from the slots that the block tables name. So a
/// block that was shared wrongly, freed too early or written by a neighbour shows as another token than <see cref="Next"/> gives.
/// </summary>
/// <param name="windows">The window of each KV group, 0 for all positions; none given: one group that sees all.</param>
internal sealed class ToyModel(int trainedFor = 1 << 20, params int[] windows) : ILanguageModel
{
    public const int Vocabulary = 97, Dim = 1;

    /// <summary>A token that makes every later logit of its sequence NaN.</summary>
    public const int Poison = 96;

    /// <summary>A token that others attend to much more than to any other.</summary>
    public const int Needle = 95;

    private const int AdapterStride = 1000;

    /// <summary>What the norm adds, so that a state that was not normed shows.</summary>
    private const float Norm = 0.5f;

    public ModelConfig Config { get; } = new()
    {
        Architecture = "toy", Dim = Dim, Layers = 2, Heads = 1, KvHeads = 1, HeadDim = 1, FeedForward = 1, Vocabulary = Vocabulary,
        ContextLength = trainedFor, NormEpsilon = 1, Rope = new RopeSpec([1], 1, RopeLayout.Halves), TiedEmbeddings = true,
    };

    public IReadOnlyList<KvGroup> KvGroups { get; } = [.. (windows is [] ? [0] : windows).Select(window => new KvGroup(2, 1, 1, window))];

    /// <summary>Runs at the start of every step, on the engine's thread: faults, delays, measurements.</summary>
    public Action<StepBatch>? OnStep { get; set; }

    /// <summary>Runs between layers.</summary>
    public Action? OnLayer { get; set; }

    /// <summary>The token that follows a context; never <see cref="Poison"/>.</summary>
    /// <param name="seen">What each KV group sees; none given: one that sees all.</param>
    public static int Next(IReadOnlyList<int> context, params KvRetention[] seen) => NextOf([], context, seen is [] ? [default] : seen);

    /// <summary>The token that follows where the first KV group sees these tokens, and the further ones what is said of them.</summary>
    public static int NextOf(IReadOnlyList<int> first, IReadOnlyList<int> context, KvRetention[] further)
    {
        uint hash = 2166136261;
        foreach (int token in first)
            hash = Mix(hash, token);
        foreach (var retention in further)
        {
            for (int p = 0; p < context.Count; p++)
            {
                if (p < retention.Sinks || p >= retention.HiddenEnd(context.Count - 1))
                    hash = Mix(hash, context[p]);
            }
        }
        return (int)(hash % Poison);
    }

    /// <summary>How much every token attends to one of these.</summary>
    public static int AttentionOf(int token) => token == Needle ? 1_000_000 : token;

    /// <summary>What is stored for a token that goes through an adapter, which the next token is then a hash of.</summary>
    public static int Through(int adapter, int token) => token + AdapterStride * adapter;

    /// <summary>What an undisturbed run through an adapter generates.</summary>
    public static int[] GenerateThrough(int adapter, IReadOnlyList<int> prompt, int count)
    {
        var all = prompt.ToList();
        for (int i = 0; i < count; i++)
            all.Add(Next([.. all.Select(token => Through(adapter, token))]));
        return [.. all.Skip(prompt.Count)];
    }

    /// <summary>The normed hidden state at the end of a context.</summary>
    public static float Hidden(IReadOnlyList<int> context) => Next(context) + Norm;

    /// <summary>What an undisturbed run generates.</summary>
    public static int[] Generate(IReadOnlyList<int> prompt, int count, params KvRetention[] seen)
    {
        var all = prompt.ToList();
        for (int i = 0; i < count; i++)
            all.Add(Next(all, seen));
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
        int output = 0;
        for (int s = 0; s < batch.SequenceCount; s++)
        {
            var slice = batch.Sequences[s];
            for (int r = 0; r < slice.Rows; r++)
            {
                foreach (var store in kv)
                    Slot(store, batch, s, slice.FirstPlace(store.Spec) + r) = Through(slice.Adapter, batch.Tokens[slice.FirstRow + r]);
                Observe(kv, batch, s, r);
                if (batch.WantsHidden)
                    WriteHidden(kv, batch, s, r, ((ToyTensor)buffers.Hidden).Row(slice.FirstRow + r));
                if (output < batch.OutputCount && batch.OutputRows[output] == slice.FirstRow + r)
                    WriteLogits(kv, batch, s, r, ((ToyTensor)buffers.Logits).Row(output++));
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

    private static uint Mix(uint hash, int token) => (hash ^ (uint)(token + 1)) * 16777619;

    private static ref int Slot(KvStore store, StepBatch batch, int sequence, int position)
    {
        int blockTokens = store.Spec.BlockTokens;
        return ref ((ToyKv)store).Slots[batch.BlockTable(store.Group, sequence)[position / blockTokens] * blockTokens + position % blockTokens];
    }

    /// <summary>An observed token gives each block what <see cref="AttentionOf"/> says of the block's tokens up to it.</summary>
    private static void Observe(ReadOnlySpan<KvStore> kv, StepBatch batch, int sequence, int row)
    {
        var slice = batch.Sequences[sequence];
        foreach (var store in kv)
        {
            int blockTokens = store.Spec.BlockTokens, place = slice.FirstPlace(store.Spec) + row;
            if (store.Spec.Window > 0 || !slice.Retention.Observes(slice.FirstPosition + row, blockTokens))
                continue;
            for (int p = 0; p <= place; p++)
                batch.Attention(sequence)[p / blockTokens] += AttentionOf(Slot(store, batch, sequence, p));
        }
    }

    private static void WriteHidden(ReadOnlySpan<KvStore> kv, StepBatch batch, int sequence, int row, Span<float> hidden) =>
        hidden[0] = Read(kv, batch, sequence, row, out uint hash) ? float.NaN : hash % Poison;

    private static void WriteLogits(ReadOnlySpan<KvStore> kv, StepBatch batch, int sequence, int row, Span<float> logits)
    {
        bool poisoned = Read(kv, batch, sequence, row, out uint hash);
        logits.Fill(poisoned ? float.NaN : 0);
        if (!poisoned)
            logits[(int)(hash % Poison)] = 1;
    }

    /// <summary>Whether the poison is among the tokens that a row sees.</summary>
    private static bool Read(ReadOnlySpan<KvStore> kv, StepBatch batch, int sequence, int row, out uint hash)
    {
        hash = 2166136261;
        bool poisoned = false;
        foreach (var store in kv)
        {
            var seen = store.Spec.Retention(batch.Sequences[sequence].Retention);
            int position = batch.Sequences[sequence].FirstPlace(store.Spec) + row;
            for (int p = 0; p <= position; p++)
            {
                if (p >= seen.Sinks && p < seen.HiddenEnd(position))
                    continue;
                int token = Slot(store, batch, sequence, p);
                poisoned |= token == Poison;
                hash = Mix(hash, token);
            }
        }
        return poisoned;
    }
}
