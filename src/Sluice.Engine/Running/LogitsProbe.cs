using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Core.Steps;
using Sluice.Models.Architectures;

namespace Sluice.Engine.Running;

/// <summary>Logits of every position of one text, without queue or sampling: for comparing models and measuring them.</summary>
public static class LogitsProbe
{
    private const int BlockTokens = 16;

    /// <param name="kvType">Stored type of K and V.</param>
    /// <param name="adapter">The one that the text goes through, by the model's number; 0 for none.</param>
    /// <param name="ids">Token ids, taken as they are.</param>
    /// <param name="chunk">Tokens per step; the result does not depend on it.</param>
    /// <param name="onPosition">Called in order with each position and its logits, vocabulary values that are valid during the call.</param>
    /// <exception cref="SluiceException">An id is outside the vocabulary, or the text exceeds the context.</exception>
    public static void Run(ILanguageModel model, IBackend backend, IComputeDevice device, DType kvType, int adapter, ReadOnlySpan<int> ids, int chunk,
        Action<int, float[]> onPosition, CancellationToken cancellation = default)
    {
        int vocabulary = model.Config.Vocabulary;
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)vocabulary)
                throw new SluiceException($"token id {id} is outside the model's vocabulary of {vocabulary}");
        }
        if (ids.Length == 0 || ids.Length > model.Config.ContextLength)
            throw new SluiceException($"{ids.Length} tokens do not fit the model's context of {model.Config.ContextLength}");
        int blocks = (ids.Length + BlockTokens - 1) / BlockTokens;
        var groups = model.KvGroups.Select(g => g.Spec(kvType, BlockTokens)).ToArray();
        var counts = new int[groups.Length];
        Array.Fill(counts, blocks);
        using var runner = new ModelRunner(model, device, backend, groups, counts, chunk, chunk);
        var batch = new StepBatch(chunk, 1, counts);
        var logits = new float[vocabulary];
        for (int first = 0; first < ids.Length; first += chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            Fill(batch, ids.Slice(first, Math.Min(chunk, ids.Length - first)), first, groups.Length, adapter);
            if (!runner.Run(batch, new Cancellable(cancellation)))
                throw new OperationCanceledException(cancellation);
            for (int i = 0; i < batch.OutputCount; i++)
            {
                runner.ReadLogits(i, logits);
                onPosition(first + i, logits);
            }
        }
    }

    private static void Fill(StepBatch batch, ReadOnlySpan<int> ids, int first, int groups, int adapter)
    {
        batch.Clear();
        ids.CopyTo(batch.AddSequence(ids.Length, first, out int index, adapter: adapter));
        for (int g = 0; g < groups; g++)
        {
            var table = batch.WritableBlockTable(g, index);
            for (int b = 0; b < table.Length; b++)
                table[b] = b;
        }
        for (int row = 0; row < ids.Length; row++)
            batch.AddOutputRow(row);
    }

    private sealed class Cancellable(CancellationToken cancellation) : IStepControl
    {
        public bool Abandoned => cancellation.IsCancellationRequested;
    }
}
