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
    private readonly int _estimatedTokens;
    private readonly double _sent;
    private int _firstSeen;
    private int _ended;

    public Lease(Member member, int promptTokens, int estimatedTokens)
    {
        (Member, _promptTokens, _estimatedTokens) = (member, promptTokens, estimatedTokens);
        Endpoint.State.Retain();
        Endpoint.BeginRequest(promptTokens);
        _sent = Endpoint.Latency.BeginWait();
    }

    public Member Member { get; }

    public Endpoint Endpoint => Member.Endpoint;

    /// <summary>The first event came.</summary>
    /// <returns>Seconds since the request was sent.</returns>
    public double ObserveFirst()
    {
        if (Interlocked.Exchange(ref _firstSeen, 1) != 0)
            return 0;
        Endpoint.EndPrompt(_promptTokens);
        return Endpoint.Latency.EndWait(_sent, answered: true);
    }

    /// <param name="answering">From the first event to the last.</param>
    public void Succeed(Usage? usage, TimeSpan answering)
    {
        if (usage is { CompletionTokens: > 1 })
            Endpoint.Latency.ObserveTokens(answering.TotalSeconds, usage.CompletionTokens - 1);
        if (TryEnd(usage?.TotalTokens ?? _estimatedTokens))
            Member.Breaker.RecordSuccess();
    }

    public void Fail(Exception fault)
    {
        if (!TryEnd(0))
            return;
        switch (fault)
        {
            case SourceException { Reason: SourceFailure.Busy } busy:
                Endpoint.Cool(busy.RetryAfter ?? BusyPause);
                Member.Breaker.RecordNothing(); // it is well, and has enough to do
                break;
            case InvalidRequestException:
                Member.Breaker.RecordNothing();
                break;
            default:
                Member.Breaker.RecordFailure();
                break;
        }
    }

    /// <summary>Nobody wants the answer any more.</summary>
    /// <param name="usedTokens">What is known to have been used until then.</param>
    public void Abandon(long usedTokens)
    {
        if (TryEnd(usedTokens))
            Member.Breaker.RecordNothing();
    }

    private bool TryEnd(long usedTokens)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return false;
        if (Interlocked.Exchange(ref _firstSeen, 1) == 0)
        {
            Endpoint.EndPrompt(_promptTokens);
            Endpoint.Latency.EndWait(_sent, answered: false);
        }
        Endpoint.EndRequest();
        Endpoint.State.Limits.Leave(_estimatedTokens, usedTokens);
        Endpoint.State.Release();
        return true;
    }
}
