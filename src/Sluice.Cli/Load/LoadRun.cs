using System.Collections.Concurrent;

namespace Sluice.Cli.Load;

/// <summary>Sends a trace to a server and measures what comes back.</summary>
/// <param name="write">Makes a request's body.</param>
/// <param name="send">Sends it and reads the answer, to an early end where the run is broken off.</param>
internal sealed class LoadRun(
    LoadClock clock, Func<PlannedRequest, byte[]> write, Func<byte[], LoadClock, CancellationToken, Task<StreamedAnswer>> send)
{
    /// <summary>
    /// Before a client of a closed loop asks again after a failure: a server that refuses at once must not be asked as fast as it refuses.
    /// </summary>
    private static readonly TimeSpan FailurePause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<MeasuredRequest> _measured = new();
    private int _started;
    private int _ended;

    public LoadClock Clock => clock;

    /// <summary>Requests sent so far, and those of them that have ended.</summary>
    public (int Started, int Ended) Counts => (Volatile.Read(ref _started), Volatile.Read(ref _ended));

    /// <summary>What is measured so far, in order of arrival.</summary>
    public IReadOnlyList<MeasuredRequest> Measured => [.. _measured.OrderBy(request => request.Plan.Index)];

    /// <summary>
    /// Open loop: sends each request when its time has come, whatever became of those before it; then waits for all answers.
    /// </summary>
    public async Task RunOpenAsync(IEnumerable<PlannedRequest> trace, TimeSpan duration, CancellationToken cancellation)
    {
        var running = new List<Task>();
        foreach (PlannedRequest plan in trace.TakeWhile(plan => plan.At < duration))
        {
            byte[] body = write(plan); // ahead of its time, so that the writing delays nobody
            while (plan.At > clock.Now && !cancellation.IsCancellationRequested) // a timer may be early by a fraction of a millisecond
                await DelayAsync(TimeSpan.FromMilliseconds(Math.Ceiling((plan.At - clock.Now).TotalMilliseconds)), cancellation);
            if (cancellation.IsCancellationRequested)
                break;
            running.RemoveAll(task => task.IsCompletedSuccessfully);
            running.Add(SendAsync(plan, plan.At, body, cancellation));
        }
        await Task.WhenAll(running);
    }

    /// <summary>Closed loop: so many clients, each of which sends its next request when its last one has ended.</summary>
    public Task RunClosedAsync(IEnumerable<PlannedRequest> trace, int clients, TimeSpan duration, CancellationToken cancellation)
    {
        IEnumerator<PlannedRequest> requests = trace.GetEnumerator();
        return Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(ClientAsync, CancellationToken.None)));

        async Task ClientAsync()
        {
            while (clock.Now < duration && !cancellation.IsCancellationRequested)
            {
                PlannedRequest plan = Next();
                byte[] body = write(plan);
                if (!await SendAsync(plan, clock.Now, body, cancellation))
                    await DelayAsync(FailurePause, cancellation);
            }
        }

        PlannedRequest Next()
        {
            lock (requests)
            {
                requests.MoveNext();
                return requests.Current;
            }
        }
    }

    /// <summary>Whether it was answered.</summary>
    private async Task<bool> SendAsync(PlannedRequest plan, TimeSpan due, byte[] body, CancellationToken cancellation)
    {
        TimeSpan sent = clock.Now;
        Interlocked.Increment(ref _started);
        StreamedAnswer answer = await send(body, clock, cancellation);
        _measured.Enqueue(new MeasuredRequest(plan, due, sent, answer.Pieces, answer.Ended, answer.Usage, answer.Failure));
        Interlocked.Increment(ref _ended);
        return answer.Failure is null;
    }

    /// <summary>Waits, unless it is cancelled meanwhile.</summary>
    private static async Task DelayAsync(TimeSpan pause, CancellationToken cancellation) =>
        await Task.Delay(pause, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
