using Sluice.Gateway.Configuration;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Pools;

/// <summary>
/// The time that one try has, whatever the source is: until its first event and until its end, and no longer than its request lives.
/// </summary>
internal sealed class TimeLimits : IDisposable
{
    private readonly Endpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly CancellationToken _wanted;
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenSource _ended;
    private readonly TimeSpan _total;
    private readonly long _started;
    private bool _awaitsFirst;

    /// <param name="wanted">Fires when nobody wants the answer any more.</param>
    public TimeLimits(Endpoint endpoint, RequestContext context, TimeProvider time, CancellationToken wanted)
    {
        (_endpoint, _time, _wanted) = (endpoint, time, wanted);
        _started = time.GetTimestamp();
        TimeoutConfig limits = endpoint.State.Config.Timeouts;
        _total = limits.Total;
        if (context.Deadline is { } deadline && deadline - time.GetUtcNow() is var left && left < _total)
            _total = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        _awaitsFirst = limits.FirstToken <= _total;
        _over = new CancellationTokenSource(_awaitsFirst ? limits.FirstToken : _total, time);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(wanted, _over.Token);
    }

    /// <summary>Fires when the time is over, when nobody wants the answer any more, or by <see cref="StopAsync"/>.</summary>
    public CancellationToken Token => _ended.Token;

    public async Task StopAsync()
    {
        try
        {
            await _ended.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The try failed by itself meanwhile.
        }
    }

    /// <summary>The first event came, or none is to be seen before the end: from here only the whole has a limit.</summary>
    public void AwaitEndOnly()
    {
        if (!_awaitsFirst)
            return;
        _awaitsFirst = false;
        TimeSpan left = _total - _time.GetElapsedTime(_started);
        _over.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    /// <summary>Turns the end of the time into what it means; any other fault stays what it is.</summary>
    public Exception Explain(Exception fault)
    {
        if (fault is not OperationCanceledException || _wanted.IsCancellationRequested || !_over.IsCancellationRequested)
            return fault;
        return _awaitsFirst
            ? new SourceException(
                SourceFailure.Unavailable,
                $"'{_endpoint.Name}' gave no token within {_endpoint.State.Config.Timeouts.FirstToken.TotalSeconds:0.###} s.", inner: fault)
            : new SourceException(SourceFailure.Late, $"'{_endpoint.Name}' did not complete its answer in time.", inner: fault);
    }

    public void Dispose()
    {
        _ended.Dispose();
        _over.Dispose();
    }
}
