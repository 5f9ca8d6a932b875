using Microsoft.Extensions.Hosting;

namespace Sluice.Server.Answers;

/// <summary>The end of the server: once it is told to stop, running answers have a while to finish, then they are cancelled.</summary>
internal sealed class Drain : IDisposable
{
    private readonly CancellationTokenSource _deadline = new();
    private readonly CancellationToken _stopping;
    private readonly CancellationTokenRegistration _registration;

    public Drain(IHostApplicationLifetime lifetime, ServerOptions options)
    {
        _stopping = lifetime.ApplicationStopping;
        _registration = _stopping.Register(() => _deadline.CancelAfter(options.DrainTimeout));
    }

    public bool Stopping => _stopping.IsCancellationRequested;

    /// <summary>Fires when running answers have to end.</summary>
    public CancellationToken Deadline => _deadline.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _deadline.Dispose();
    }
}
