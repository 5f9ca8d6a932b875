namespace Sluice.Gateway.Configuration;

/// <param name="Attempts">Most tries of one request, the first included.</param>
/// <param name="Budget">Retries as a share of requests; above it nothing is tried again, so that trouble is not multiplied.</param>
/// <param name="Pause">Before the first retry; doubled for each further one and drawn between nothing and that.</param>
public sealed record RetryConfig(int Attempts, double Budget, TimeSpan Pause)
{
    public RetryConfig() : this(2, 0.1, TimeSpan.FromMilliseconds(20)) { }
}
