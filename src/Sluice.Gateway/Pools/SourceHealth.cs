using Sluice.Gateway.Configuration;

namespace Sluice.Gateway.Pools;

/// <summary>Probes a source for as long as it is used. Without a configured probe it is always well, and only its answers tell.</summary>
internal sealed class SourceHealth : IAsyncDisposable
{
    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _ended = new();
    private readonly TimeProvider _time;
    private readonly Task _probing;
    private long _upSince = -1; // timestamp of the last recovery; -1: it never was down
    private volatile bool _down;

    public SourceHealth(HealthConfig? config, ISourceHost host, TimeProvider time)
    {
        _time = time;
        _probing = config is null ? Task.CompletedTask : ProbeAsync(config, host);
    }

    public bool IsUp => !_down;

    /// <summary>Time since it came back; null where it never was away.</summary>
    public TimeSpan? SinceRecovery => Volatile.Read(ref _upSince) is >= 0 and var since ? _time.GetElapsedTime(since) : null;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _probing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    private async Task ProbeAsync(HealthConfig config, ISourceHost host)
    {
        using var timer = new PeriodicTimer(config.Every, _time);
        int good = 0, bad = 0;
        while (await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false))
        {
            (good, bad) = await IsWellAsync(host).ConfigureAwait(false) ? (good + 1, 0) : (0, bad + 1);
            if (!_down && bad >= config.Fall)
                _down = true;
            else if (_down && good >= config.Rise)
                Recover();
        }
    }

    private void Recover()
    {
        Volatile.Write(ref _upSince, _time.GetTimestamp());
        _down = false;
    }

    private async Task<bool> IsWellAsync(ISourceHost host)
    {
        using var late = new CancellationTokenSource(LongestProbe, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _ended.Token);
        try
        {
            return await host.ProbeAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception) when (!_ended.IsCancellationRequested)
        {
            return false; // whatever it is, it does not answer: that is what was asked
        }
    }
}
