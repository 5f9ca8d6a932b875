using System.Diagnostics;
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
    private readonly TimeLimits _limits;
    private readonly GenAiCall? _call;
    private readonly long _started;
    private readonly int _promptTokens;
    private IAsyncEnumerator<CompletionEvent>? _events;
    private Task<bool>? _step;
    private Queue<CompletionEvent>? _collected;
    private Usage? _usage;
    private long? _first;
    private int _texts;
    private bool _whole;

    // Unknown until the first event: whoever relays bytes answers for the end of the stream itself.
    private int? _openChoices;

    /// <param name="wanted">Fires when nobody wants the answer any more.</param>
    public Attempt(Lease lease, PoolPrepared prepared, PoolMetrics metrics, TimeProvider time, CancellationToken wanted)
    {
        (_lease, _request, _metrics, _time) = (lease, prepared.Request, metrics, time);
        _promptTokens = prepared.PromptTokens;
        _started = _time.GetTimestamp();
        _limits = new TimeLimits(lease.Endpoint, prepared.Context, time, wanted);
        _call = metrics.GenAi.Begin(lease.Endpoint, GenAiNames.OperationOf(_request.Dialect.Name), prepared.Route, time);
        First = BeginAsync(prepared);
    }

    public Lease Lease => _lease;

    /// <summary>
    /// Completes when the answer has begun, which is what may be seen of it: with the first event of a stream, with the last one of an
    /// answer in one body. Fails where the source did; then there is nothing left to dispose.
    /// </summary>
    public Task<Attempt> First { get; }

    /// <summary>Seconds until the first event of a stream; null where the answer comes in one body, which hides it.</summary>
    public double? FirstSeconds { get; private set; }

    /// <summary>Seconds until an answer in one body was there; null before that, and of a stream.</summary>
    public double? WholeSeconds { get; private set; }

    public CompletionEvent Current { get; private set; }

    /// <summary>Tokens that it has used so far, as far as it is known: what the source told, else an estimate.</summary>
    public long UsedTokens => _usage?.TotalTokens ?? (_whole ? _lease.EstimatedTokens : _promptTokens + _texts);

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
        // Where the answer is whole there is nothing to stop, and stopping would cost the request a turn of another thread.
        if (!_whole)
            await _limits.StopAsync().ConfigureAwait(false);
        await ((Task)First).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // whoever waited for it has seen its fault
        if (_step is not null)
            await ((Task)_step).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            _lease.Abandon(UsedTokens);
            _call?.Fail("cancelled");
        }
    }

    private async ValueTask CloseAsync()
    {
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
            _limits.Dispose();
        }
    }

    // Each method that waits here costs every request a hop of its own, so the first event is awaited right here.
    private async Task<Attempt> BeginAsync(PoolPrepared prepared)
    {
        try
        {
            Prepared own = await prepared.Families.PrepareAsync(_lease.Endpoint, _call?.Trace ?? default, _limits.Token)
                .ConfigureAwait(false);
            if (own.AnswersAtOnce)
                _limits.AwaitEndOnly();
            _events = _lease.Endpoint.Source.CompleteAsync(own, _limits.Token).GetAsyncEnumerator(_limits.Token);
            // Every answer has an event for the end of each choice, so there is a first one where nothing was thrown.
            bool any = Take(await _events.MoveNextAsync().ConfigureAwait(false));
            Debug.Assert(any, "an answer without events ended well");
            if (!_request.Head.Stream)
                await CollectAsync().ConfigureAwait(false);
            return this;
        }
        catch (Exception fault)
        {
            Exception told = Tell(fault);
            await CloseAsync().ConfigureAwait(false);
            throw told;
        }
    }

    private async Task CollectAsync()
    {
        _collected = new Queue<CompletionEvent>();
        do
            _collected.Enqueue(Current with { Raw = Current.Raw.ToArray() }); // its bytes last until the next one is asked for
        while (Take(await _events!.MoveNextAsync().ConfigureAwait(false)));
        Current = _collected.Dequeue();
    }

    private async Task<bool> ReadAsync()
    {
        try
        {
            _step = _events!.MoveNextAsync().AsTask();
            return Take(await _step.ConfigureAwait(false));
        }
        catch (Exception fault)
        {
            throw Tell(fault);
        }
    }

    private bool Take(bool any)
    {
        if (any)
            Observe(_events!.Current);
        else
            Succeed();
        return any;
    }

    private void Observe(in CompletionEvent e)
    {
        Current = e;
        _openChoices ??= e.Raw.IsEmpty ? _request.View.TotalChoices : 0;
        if (_first is null)
        {
            _first = _time.GetTimestamp();
            FirstSeconds = _lease.ObserveFirst();
            if (FirstSeconds is { } seconds)
                _metrics.RecordFirst(_lease.Endpoint, seconds);
            _limits.AwaitEndOnly();
        }
        _call?.Observe(e, FirstSeconds);
        _texts += e.Text.Length > 0 || e.Raw.Length > 0 ? 1 : 0;
        _openChoices -= e.FinishReason is null ? 0 : 1;
        _usage = e.Usage ?? _usage;
    }

    private void Succeed()
    {
        if (_openChoices is null or > 0)
            throw new SourceException(SourceFailure.Failed, $"'{_lease.Endpoint.Name}' stopped before the answer was finished.");
        _whole = true;
        // Of an answer in one body the first token is not seen: its time is booked on all of its tokens.
        TimeSpan answering = _time.GetElapsedTime(_request.Head.Stream ? _first!.Value : _started);
        WholeSeconds = _request.Head.Stream ? null : answering.TotalSeconds;
        _lease.Succeed(_usage, answering);
        _metrics.CountTry(_lease.Endpoint, "ok");
        _call?.Succeed(_usage, _request.Head.Stream ? answering : null);
        if (_usage is not null)
            _metrics.RecordAnswer(_lease.Endpoint, _usage, _request.Head.Stream ? answering : null);
    }

    /// <summary>Books a fault on the lease.</summary>
    /// <returns>What it means.</returns>
    private Exception Tell(Exception fault)
    {
        Exception told = _limits.Explain(fault);
        if (told is OperationCanceledException)
            _lease.Abandon(UsedTokens);
        else
            _lease.Fail(told);
        string outcome = PoolMetrics.OutcomeOf(told);
        _metrics.CountTry(_lease.Endpoint, outcome);
        _call?.Fail(outcome);
        return told;
    }
}
