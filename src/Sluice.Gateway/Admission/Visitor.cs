using Sluice.Gateway.Configuration;

namespace Sluice.Gateway.Admission;

/// <summary>Who asks: somebody with a key, or anybody.</summary>
public sealed class Visitor
{
    internal Visitor(KeyConfig? key, RateGate limits) => (Key, Limits) = (key, limits);

    /// <summary>Null for whoever came without one.</summary>
    public KeyConfig? Key { get; }

    public int Priority => Key?.Priority ?? 0;

    /// <summary>Whether it may ask for answers, not just look.</summary>
    public bool MayAsk => Key is null || Key.Role <= KeyRole.Developer;

    internal RateGate Limits { get; }

    /// <summary>Whose turn it is in the queue.</summary>
    internal string QueueName => Key?.Name ?? "";
}
