using System.Diagnostics.CodeAnalysis;
using Sluice.Engine.Requests;

namespace Sluice.Engine.Scheduling;

/// <summary>
/// The computations that a further request can share: of one tenant, with the same prompt, limits and draws. Two requests draw the same
/// where they are greedy or bring the same seed. From any thread.
/// </summary>
internal sealed class IdenticalRequests : IEqualityComparer<GenerationRequest>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<GenerationRequest, Sequence> _running;

    public IdenticalRequests() => _running = new Dictionary<GenerationRequest, Sequence>(this);

    /// <summary>Whether a request's tokens are determined by the request, and are all it asks for.</summary>
    public static bool CanShare(GenerationRequest request) =>
        request.Logprobs is null && request.Prompt.Embedded.Count == 0 && (request.Sampling.Seed is not null || IsGreedy(request));

    /// <summary>Lets a reader in where its request is being computed already.</summary>
    public bool TryJoin(Generation reader, [NotNullWhen(true)] out Sequence? sequence)
    {
        lock (_gate)
            return _running.TryGetValue(reader.Request, out sequence) && sequence.Readers.TryJoin(reader, sequence.Answer);
    }

    public void Add(Sequence sequence)
    {
        lock (_gate)
            _running[sequence.Request] = sequence;
    }

    public void Remove(Sequence sequence)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(sequence.Request, out var known) && known == sequence)
                _running.Remove(sequence.Request);
        }
    }

    // What a request has beside its prompt, its stop tokens, what it expects and the seed of a greedy one must be equal as records
    // are: what is new in them counts too.
    public bool Equals(GenerationRequest? x, GenerationRequest? y) =>
        x!.Prompt.Root == y!.Prompt.Root && x.Prompt.Ids.AsSpan().SequenceEqual(y.Prompt.Ids) && x.StopTokens.SetEquals(y.StopTokens) &&
        WithoutSeed(x) == WithoutSeed(y) with { Prompt = x.Prompt, StopTokens = x.StopTokens, Prediction = x.Prediction };

    public int GetHashCode([DisallowNull] GenerationRequest request)
    {
        var hash = new HashCode();
        foreach (ulong block in request.Prompt.BlockHashes.Span)
            hash.Add(block);
        hash.Add(request.Prompt.Length);
        hash.Add(request.Prompt.Ids[^1]);
        hash.Add(request.MaxTokens);
        return hash.ToHashCode();
    }

    private static GenerationRequest WithoutSeed(GenerationRequest request) =>
        IsGreedy(request) ? request with { Sampling = request.Sampling with { Seed = null } } : request;

    private static bool IsGreedy(GenerationRequest request) => request.Sampling is { Temperature: <= 0, TemperatureRange: <= 0 };
}
