using Sluice.Engine.Embedding;
using Sluice.Engine.Requests;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Local;

/// <summary>Embeds texts: tokens, hidden states from the engine, then the wanted length, normed to 1.</summary>
internal sealed class LocalEmbeddings(LocalModel model, LocalPrompts prompts)
{
    // As many as run at once and as many again to follow them; a long list leaves the rest of the queue to others.
    private readonly int _mostSubmitted = 2 * model.Engine.Options.MaxSequences;

    /// <inheritdoc cref="IEmbeddingSource.EmbedAsync"/>
    public async Task<EmbeddingResult> EmbedAsync(EmbeddingView request, RequestContext context, CancellationToken cancellation)
    {
        int dim = model.Package.Config.Dim;
        if (request.Dimensions > dim)
        {
            throw new InvalidRequestException(
                $"'dimensions' is {request.Dimensions}, but embeddings of '{model.Name}' have {dim} and cannot have more",
                "dimensions", "invalid_value");
        }
        var texts = prompts.Make(request.Inputs, request.Model, context);
        var embeddings = new List<float[]>(texts.Count);
        var submitted = new Queue<Generation>();
        int next = 0, cachedTokens = 0;
        try
        {
            while (embeddings.Count < texts.Count)
            {
                while (next < texts.Count && submitted.Count < _mostSubmitted && TrySubmit(texts[next], context, submitted))
                    next++;
                var generation = submitted.Peek();
                var end = await generation.ReadEmbeddingAsync(cancellation).ConfigureAwait(false);
                submitted.Dequeue();
                LocalFaults.FinishOf(end.Finish!.Value, end.Fault);
                embeddings.Add(Normed(end.Embedding.AsSpan(0, request.Dimensions ?? dim)));
                cachedTokens += generation.CachedTokens;
            }
        }
        finally
        {
            foreach (var generation in submitted)
                generation.Dispose();
        }
        return new EmbeddingResult(embeddings, new Usage(texts.Sum(text => text.Length), 0, cachedTokens));
    }

    /// <summary>False where the queue is full but one of this list's own will leave it.</summary>
    private bool TrySubmit(Prompt text, RequestContext context, Queue<Generation> submitted)
    {
        var request = new PoolingRequest
        {
            Prompt = text, Pooling = model.Pooling, Priority = context.Priority, Tenant = context.Tenant, Deadline = context.Deadline,
        };
        var outcome = model.Engine.TrySubmit(request, out var generation);
        if (generation is not null)
            submitted.Enqueue(generation);
        else if (outcome != SubmitOutcome.QueueFull || submitted.Count == 0)
            throw LocalFaults.Of(outcome, model);
        return generation is not null;
    }

    private static float[] Normed(ReadOnlySpan<float> values)
    {
        double squares = 0;
        foreach (float value in values)
            squares += (double)value * value;
        double length = Math.Sqrt(squares);
        var normed = new float[values.Length];
        for (int i = 0; i < normed.Length && length > 0; i++)
            normed[i] = (float)(values[i] / length);
        return normed;
    }
}
