using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Engine.Requests;
using Sluice.Engine.Sampling;
using Sluice.Models.Architectures;

namespace Sluice.Engine.Running;

/// <summary>How likely each token of one text was after those before it, without queue or sampling.</summary>
public static class PromptProbe
{
    // Few rows of logits at once: each is as wide as the vocabulary.
    private const int Chunk = 32;

    /// <param name="prompt">One without given embeddings.</param>
    /// <param name="best">How many of the most likely tokens to name beside each.</param>
    /// <returns>One entry for each token from the second on: nothing comes before the first.</returns>
    /// <exception cref="SluiceException">The text exceeds the context, there is no memory for its KV, or its adapter was unloaded.</exception>
    public static IReadOnlyList<TokenScores> Run(
        ILanguageModel model, IBackend backend, IComputeDevice device, DType kvType, Prompt prompt, int best,
        CancellationToken cancellation)
    {
        if (prompt.Adapter?.TryEnter() == false)
            throw new SluiceException("its adapter was unloaded");
        try
        {
            return Run(model, backend, device, kvType, prompt.Ids, prompt.Adapter?.Number ?? 0, best, cancellation);
        }
        finally
        {
            prompt.Adapter?.Leave();
        }
    }

    private static List<TokenScores> Run(
        ILanguageModel model, IBackend backend, IComputeDevice device, DType kvType, int[] ids, int adapter, int best,
        CancellationToken cancellation)
    {
        var scores = new List<TokenScores>(ids.Length);
        var candidates = new Candidates(model.Config.Vocabulary);
        var reader = new LogprobReader(model.Config.Vocabulary);
        LogitsProbe.Run(model, backend, device, kvType, adapter, ids, Chunk, (position, logits) =>
        {
            if (position + 1 == ids.Length)
                return;
            logits.CopyTo(candidates.Row);
            reader.Read(candidates, best);
            scores.Add(reader.Of(ids[position + 1]));
        }, cancellation);
        return scores;
    }
}
