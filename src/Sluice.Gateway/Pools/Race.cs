namespace Sluice.Gateway.Pools;

/// <summary>
/// One try that may be hedged: where the first member keeps silent for long, a second one is asked as well; whoever begins first answers,
/// the other is stopped.
/// </summary>
internal static class Race
{
    // How often it is looked whether it is known by now how long is long, and whether somebody can be asked who could not be before.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <returns>An attempt that has begun to answer.</returns>
    /// <param name="patience">How long the first may keep silent; null while that is not known yet.</param>
    /// <param name="beginSecond">Null where nobody else can be asked now.</param>
    public static async Task<Attempt> RunAsync(
        Attempt first, Func<TimeSpan?> patience, Func<Attempt?> beginSecond, TimeProvider time, CancellationToken cancellation)
    {
        Attempt? second = null;
        try
        {
            second = await BeginSecondAsync(first.First, patience, beginSecond, time, cancellation).ConfigureAwait(false);
            if (second is null)
                return await first.First.ConfigureAwait(false);
            Attempt winner = await Task.WhenAny(first.First, second.First).ConfigureAwait(false) == first.First ? first : second;
            Attempt other = winner == first ? second : first;
            if (!winner.First.IsCompletedSuccessfully)
                (winner, other) = (other, winner); // the quicker one failed
            await winner.First.ConfigureAwait(false);
            _ = other.DisposeAsync().AsTask(); // it never throws, and nobody waits for a loser
            return winner;
        }
        catch
        {
            await first.DisposeAsync().ConfigureAwait(false);
            if (second is not null)
                await second.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// The second try, once the first keeps silent for longer than is thought long by then: meanwhile all may have become slower. Null
    /// where the first ended before one could be begun.
    /// </summary>
    private static async Task<Attempt?> BeginSecondAsync(
        Task first, Func<TimeSpan?> patience, Func<Attempt?> beginSecond, TimeProvider time, CancellationToken cancellation)
    {
        for (TimeSpan waited = TimeSpan.Zero; ;)
        {
            TimeSpan? most = patience();
            if (most <= waited && beginSecond() is { } second)
                return second;
            TimeSpan until = most > waited ? most.Value : waited + LookEvery;
            if (await HasEndedWithinAsync(first, until - waited, time, cancellation).ConfigureAwait(false))
                return null;
            waited = until;
        }
    }

    private static async Task<bool> HasEndedWithinAsync(Task task, TimeSpan time, TimeProvider clock, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bool ended = await Task.WhenAny(task, Task.Delay(time, clock, over.Token)).ConfigureAwait(false) == task;
        over.Cancel(); // or the timer would outlive the request; nothing else waits for it that could run here
        cancellation.ThrowIfCancellationRequested(); // who has left is not worth a second source
        return ended;
    }
}
