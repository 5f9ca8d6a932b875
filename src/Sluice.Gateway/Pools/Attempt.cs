using System.Diagnostics;
using Sluice.Gateway.Configuration;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>
/// One try of a request on one endpoint: reads its events, keeps its deadlines, and tells the lease how it went. Disposing it stops the
/// source's work. For one reader.
/// </summary>
internal sealed class Attempt : IAsyncDisposable
{
    private readonly Lease _lease;
    private readonly Request _request;
    private readonly PoolMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly CancellationToken _wanted;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _ended;
    private readonly long _started;
    private readonly int _promptTokens;
    private IAsyncEnumerator<CompletionEvent>? _events;
    private Task<bool>? _step;
    private Queue<CompletionEvent>? _collected;
    private Usage? _usage;
    private long? _first;
    private int _texts;

    // Unknown until the first event: whoever relays bytes answers for the end of the stream itself.
    private int? _openChoices;

    /// <param name="wanted">Fires when nobody wants the answer any more.</param>
    public Attempt(Lease lease, PoolPrepared prepared, PoolMetrics metrics, TimeProvider time, CancellationToken wanted)
    {
        (_lease, _request, _metrics, _time, _wanted) = (lease, prepared.Request, metrics, time, wanted);
        _promptTokens = prepared.PromptTokens;
        _started = _time.GetTimestamp();
        TimeoutConfig timeouts = lease.Endpoint.State.Config.Timeouts;
        // An answer in one body gives no sign before its end.
        _deadline = new CancellationTokenSource(_request.Head.Stream ? timeouts.FirstToken : timeouts.Total, _time);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(wanted, _deadline.Token);
        First = BeginAsync(prepared);
    }

    public Lease Lease => _lease;

    /// <summary>
    /// Completes when the answer has begun, which is what may be seen of it: with the first event of a stream, with the last one of an
    /// answer in one body. Fails where the source did.
    /// </summary>
    public Task First { get; }

    /// <summary>Seconds until the first event.</summary>
    public double FirstSeconds { get; private set; }

    public CompletionEvent Current { get; private set; }

    /// <summary>Tokens that it is known to have used so far.</summary>
    public long UsedTokens => _usage?.TotalTokens ?? _promptTokens + _texts;

    /// <summary>The next event after the first.</summary>
    /// <returns>False at the end of the answer, once every choice has ended.</returns>
    /// <exception cref="SourceException">The source failed, or stopped in the middle.</exception>
    public async ValueTask<bool> NextAsync()
    {
        if (_collected is null)
            return await ReadAsync().ConfigureAwait(false);
        bool any = _collected.TryDequeue(out CompletionEvent next);
        Current = next;
        return any;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await First.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // whoever waited for it has seen its fault
        if (_step is not null)
            await ((Task)_step).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            if (_events is not null)
                await _events.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or SourceException)
        {
            // It was stopped: that is how it says so.
        }
        finally
        {
            _lease.Abandon(UsedTokens);
            _ended.Dispose();
            _deadline.Dispose();
        }
    }

    private async Task BeginAsync(PoolPrepared prepared)
    {
        try
        {
            Prepared own = await prepared.Families.PrepareAsync(_lease.Endpoint, _ended.Token).ConfigureAwait(false);
            _events = _lease.Endpoint.Source.CompleteAsync(own, _ended.Token).GetAsyncEnumerator(_ended.Token);
        }
        catch (Exception fault)
        {
            throw Tell(fault);
        }
        // Every answer has an event for the end of each choice, so there is a first one where nothing was thrown.
        bool any = await ReadAsync().ConfigureAwait(false);
        Debug.Assert(any, "an answer without events ended well");
        if (!_request.Head.Stream)
            await CollectAsync().ConfigureAwait(false);
    }

    private async Task CollectAsync()
    {
        _collected = new Queue<CompletionEvent>();
        do
            _collected.Enqueue(Current with { Raw = Current.Raw.ToArray() }); // its bytes last until the next one is asked for
        while (await ReadAsync().ConfigureAwait(false));
        Current = _collected.Dequeue();
    }

    private async Task<bool> ReadAsync()
    {
        try
        {
            _step = _events!.MoveNextAsync().AsTask();
            if (!await _step.ConfigureAwait(false))
            {
                Succeed();
                return false;
            }
        }
        catch (Exception fault)
        {
            throw Tell(fault);
        }
        Observe(_events.Current);
        return true;
    }

    private void Observe(in CompletionEvent e)
    {
        Current = e;
        _openChoices ??= e.Raw.IsEmpty ? _request.View.TotalChoices : 0;
        if (_first is null)
        {
            _first = _time.GetTimestamp();
            FirstSeconds = _lease.ObserveFirst();
            _metrics.RecordFirst(_lease.Endpoint, FirstSeconds);
            TimeSpan left = _lease.Endpoint.State.Config.Timeouts.Total - _time.GetElapsedTime(_started);
            _deadline.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
        _texts += e.Text.Length > 0 || e.Raw.Length > 0 ? 1 : 0;
        _openChoices -= e.FinishReason is null ? 0 : 1;
        _usage = e.Usage ?? _usage;
    }

    private void Succeed()
    {
        if (_openChoices is null or > 0)
            throw new SourceException(SourceFailure.Failed, $"'{_lease.Endpoint.Name}' stopped before the answer was finished.");
        TimeSpan answering = _time.GetElapsedTime(_first!.Value);
        _lease.Succeed(_usage, answering);
        _metrics.CountTry(_lease.Endpoint, "ok");
        if (_usage is not null)
            _metrics.RecordAnswer(_lease.Endpoint, _usage, answering);
    }

    /// <summary>Books a fault on the lease, and turns deadlines into what they mean.</summary>
    private Exception Tell(Exception fault)
    {
        if (fault is OperationCanceledException && (_wanted.IsCancellationRequested || !_deadline.IsCancellationRequested))
        {
            _lease.Abandon(UsedTokens);
            _metrics.CountTry(_lease.Endpoint, PoolMetrics.OutcomeOf(fault));
            return fault;
        }
        Exception told = fault is OperationCanceledException
            ? new SourceException(SourceFailure.Late, $"'{_lease.Endpoint.Name}' took longer than its configured time.", inner: fault)
            : fault;
        _lease.Fail(told);
        _metrics.CountTry(_lease.Endpoint, PoolMetrics.OutcomeOf(told));
        return told;
    }
}
