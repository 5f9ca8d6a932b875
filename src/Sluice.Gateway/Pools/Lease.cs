using Sluice.Gateway.Routing;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>
/// One request on one member: the places and tokens it holds, and what is learned from how it goes. It ends exactly once; what ends it
/// first decides.
/// </summary>
internal sealed class Lease
{
    // A source that is too busy but does not say for how long.
    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(1);

    private readonly int _promptTokens;
    private readonly int _era;
    private readonly double? _sent; // only of streams: an answer in one body is silent to its end, and nothing is slow about that
    private int _firstSeen;
    private int _ended;

    /// <param name="era">Of the member's breaker, when the request began.</param>
    /// <param name="estimatedTokens">Of prompt and answer, as they were taken from the source's limits.</param>
    public Lease(Member member, int era, RouteRequest request, int estimatedTokens)
    {
        (Member, _era, _promptTokens, EstimatedTokens) = (member, era, request.PromptTokens, estimatedTokens);
        Endpoint.State.Retain();
        Endpoint.BeginRequest(_promptTokens);
        _sent = request.Streams ? Endpoint.Latency.BeginWait() : null;
    }

    public Member Member { get; }

    public Endpoint Endpoint => Member.Endpoint;

    public int EstimatedTokens { get; }

    /// <summary>The first event came.</summary>
    /// <returns>Seconds since the request was sent; null where it is no stream.</returns>
    public double? ObserveFirst()
    {
        if (Interlocked.Exchange(ref _firstSeen, 1) != 0)
            return null;
        Member.Breaker.RecordFirst(_era);
        Endpoint.EndPrompt(_promptTokens);
        return _sent is { } sent ? Endpoint.Latency.EndWait(sent, answered: true) : null;
    }

    /// <param name="usage">Null where the source told none.</param>
    /// <param name="answering">From the first event to the last, or from the beginning where the first is not seen.</param>
    public void Succeed(Usage? usage, TimeSpan answering)
    {
        if (usage is { CompletionTokens: > 1 } && answering > TimeSpan.Zero)
            Endpoint.Latency.ObserveTokens(answering.TotalSeconds, usage.CompletionTokens - 1);
        if (TryEnd(usage?.TotalTokens ?? EstimatedTokens))
            Member.Breaker.RecordSuccess(_era);
    }

    public void Fail(Exception fault)
    {
        if (!TryEnd(0))
            return;
        switch (fault)
        {
            case SourceException { Reason: SourceFailure.Busy } busy:
                Endpoint.Cool(busy.RetryAfter ?? BusyPause);
                Member.Breaker.RecordNothing(_era); // it is well, and has enough to do
                break;
            case InvalidRequestException or UnableException:
                Member.Breaker.RecordNothing(_era);
                break;
            default:
                Member.Breaker.RecordFailure(_era);
                break;
        }
    }

    /// <summary>Nobody wants the answer any more.</summary>
    /// <param name="usedTokens">What is known to have been used until then.</param>
    public void Abandon(long usedTokens)
    {
        if (TryEnd(usedTokens))
            Member.Breaker.RecordNothing(_era);
    }

    private bool TryEnd(long usedTokens)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return false;
        if (Interlocked.Exchange(ref _firstSeen, 1) == 0)
        {
            Endpoint.EndPrompt(_promptTokens);
            if (_sent is { } sent)
                Endpoint.Latency.EndWait(sent, answered: false);
        }
        Endpoint.EndRequest();
        Endpoint.State.Limits.Leave(EstimatedTokens, usedTokens);
        Endpoint.State.Release();
        return true;
    }
}
