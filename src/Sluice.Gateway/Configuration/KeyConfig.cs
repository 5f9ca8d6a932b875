namespace Sluice.Gateway.Configuration;

/// <param name="Name">For logs and metrics; the key itself is known to nobody here.</param>
/// <param name="Hash">SHA-256 of the key's text, 32 bytes.</param>
/// <param name="Expires">From when on it is refused; null for never.</param>
/// <param name="Priority">Of its requests in the queue: higher goes first.</param>
public sealed record KeyConfig(
    string Name, KeyRole Role, ReadOnlyMemory<byte> Hash, DateTimeOffset? Expires, int Priority, RateConfig Limits);
