namespace Sluice.Gateway.Pools;

/// <summary>
/// One try that may be hedged: where the first member keeps silent for long, a second one is asked as well; whoever begins first answers,
/// the other is stopped.
/// </summary>
internal static class Race
{
    /// <returns>An attempt that has begun to answer.</returns>
    /// <param name="patience">How long the first may keep silent; null for ever.</param>
    /// <param name="beginSecond">Null where nobody else can be asked.</param>
    public static async Task<Attempt> RunAsync(
        Attempt first, TimeSpan? patience, Func<Attempt?> beginSecond, TimeProvider time, CancellationToken cancellation)
    {
        Attempt? second = null;
        try
        {
            if (patience is { } delay && !await HasEndedWithinAsync(first.First, delay, time, cancellation).ConfigureAwait(false))
                second = beginSecond();
            if (second is null)
            {
                await first.First.ConfigureAwait(false);
                return first;
            }
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

    private static async Task<bool> HasEndedWithinAsync(Task task, TimeSpan time, TimeProvider clock, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bool ended = await Task.WhenAny(task, Task.Delay(time, clock, over.Token)).ConfigureAwait(false) == task;
        over.Cancel(); // or the timer would outlive the request; nothing else waits for it that could run here
        cancellation.ThrowIfCancellationRequested(); // who has left is not worth a second source
        return ended;
    }
}
