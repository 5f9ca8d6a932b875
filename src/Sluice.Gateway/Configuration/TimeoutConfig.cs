namespace Sluice.Gateway.Configuration;

/// <param name="Connect">Until the connection stands.</param>
/// <param name="FirstToken">Until the first event of the answer.</param>
/// <param name="Total">Until its end.</param>
public sealed record TimeoutConfig(TimeSpan Connect, TimeSpan FirstToken, TimeSpan Total)
{
    public TimeoutConfig() : this(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(30)) { }
}
