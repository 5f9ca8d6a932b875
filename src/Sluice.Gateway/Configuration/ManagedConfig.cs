namespace Sluice.Gateway.Configuration;

/// <summary>A local server that the pool itself starts, watches and stops: how it is started and how many of it there are.</summary>
public sealed record ManagedConfig
{
    /// <summary>What stands for the port that each replica is to listen on, on 127.0.0.1.</summary>
    public const string PortMark = "{port}";

    /// <summary>Program and arguments, at least one of which holds <see cref="PortMark"/>.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Replicas that run whether or not anybody asks.</summary>
    public int Min { get; init; } = 1;

    /// <summary>Replicas that run at most; at least 1.</summary>
    public int Max { get; init; } = 1;

    /// <summary>Requests of each replica that runs from which on another is started.</summary>
    public int Busy { get; init; } = 4;

    /// <summary>After so long without need a replica beyond <see cref="Min"/> is stopped.</summary>
    public TimeSpan IdleStop { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a replica may take from its start until it is well; then it is started anew.</summary>
    public TimeSpan Start { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a replica may take to end once it was told to; then it is killed.</summary>
    public TimeSpan Stop { get; init; } = TimeSpan.FromSeconds(10);
}
