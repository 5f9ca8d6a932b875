using Sluice.Pipe.Output;
using Sluice.Protocol.Sources;

namespace Sluice.Pipe.Reports;

/// <summary>
/// What a run has done so far. Filled by its flow, read by anybody; each figure is exact, several need not be of one moment.
/// </summary>
public sealed class Tally
{
    private long _read, _answered, _failed, _blank, _empty, _truncated, _kept, _asked, _journaled, _shared;
    private long _promptTokens, _completionTokens, _cachedTokens, _bytes, _calls;
    private double _cost;

    /// <summary>Records read.</summary>
    public long Read => Volatile.Read(ref _read);

    /// <summary>Answered, empty and truncated answers included.</summary>
    public long Answered => Volatile.Read(ref _answered);

    public long Failed => Volatile.Read(ref _failed);

    public long Blank => Volatile.Read(ref _blank);

    /// <summary>Answered with nothing.</summary>
    public long Empty => Volatile.Read(ref _empty);

    /// <summary>Answers that ended because no more tokens were allowed.</summary>
    public long Truncated => Volatile.Read(ref _truncated);

    /// <summary>Records that a decision keeps.</summary>
    public long Kept => Volatile.Read(ref _kept);

    /// <summary>Bytes of the input up to the end of the last record read.</summary>
    public long BytesRead => Volatile.Read(ref _bytes);

    /// <summary>Records for which a source was asked, with an answer or without.</summary>
    public long Asked => Volatile.Read(ref _asked);

    /// <summary>Calls that ended: one about several records is one, and each of those that it left to be asked about alone.</summary>
    public long Calls => Volatile.Read(ref _calls);

    /// <summary>Answered from the journal.</summary>
    public long Journaled => Volatile.Read(ref _journaled);

    /// <summary>Answered with the answer of a twin.</summary>
    public long Shared => Volatile.Read(ref _shared);

    public long PromptTokens => Volatile.Read(ref _promptTokens);

    public long CompletionTokens => Volatile.Read(ref _completionTokens);

    /// <summary>Of the prompts' tokens those that were not computed again.</summary>
    public long CachedTokens => Volatile.Read(ref _cachedTokens);

    /// <summary>USD.</summary>
    public double Cost => Volatile.Read(ref _cost);

    public long Ended => Answered + Failed + Blank;

    internal void CountRead(long end)
    {
        Interlocked.Increment(ref _read);
        Volatile.Write(ref _bytes, end);
    }

    internal void CountCalls(int count) => Interlocked.Add(ref _calls, count);

    internal void CountJournaled() => Interlocked.Increment(ref _journaled);

    internal void CountShared() => Interlocked.Increment(ref _shared);

    internal void CountAsked(Usage usage, Prices prices)
    {
        Interlocked.Increment(ref _asked);
        Interlocked.Add(ref _promptTokens, usage.PromptTokens);
        Interlocked.Add(ref _completionTokens, usage.CompletionTokens);
        Interlocked.Add(ref _cachedTokens, usage.CachedTokens);
        double cost = prices.Of(usage), seen;
        do
        {
            seen = Volatile.Read(ref _cost);
        }
        while (cost > 0 && Interlocked.CompareExchange(ref _cost, seen + cost, seen) != seen);
    }

    internal void CountEnded(Outcome outcome, bool kept)
    {
        switch (outcome.Kind)
        {
            case OutcomeKind.Blank:
                Interlocked.Increment(ref _blank);
                break;
            case OutcomeKind.Failed:
                Interlocked.Increment(ref _failed);
                break;
            default:
                Interlocked.Increment(ref _answered);
                if (outcome.Answer!.Text.Length == 0)
                    Interlocked.Increment(ref _empty);
                if (outcome.Answer.IsCutOff)
                    Interlocked.Increment(ref _truncated);
                break;
        }
        if (kept)
            Interlocked.Increment(ref _kept);
    }
}
