namespace Sluice.Gateway.Configuration;

/// <summary>Reads which server a source starts itself.</summary>
internal static class ManagedReader
{
    private const int MostReplicas = 64;

    private static readonly string[] ReplicaKeys = ["min", "max", "busy", "idle_stop", "start", "stop"];

    /// <returns>Null where the source has a url instead.</returns>
    public static ManagedConfig? Read(Section source)
    {
        if (!source.Has("command"))
            return source.Has("replicas") ? throw source.Error("replicas", "only what has a 'command' is started so often") : null;
        if (source.Has("url"))
            throw source.Error("command", "a server is either started or has a 'url'; leave one of the two out");
        IReadOnlyList<string> command = source.FindTexts("command");
        if (!command.Any(part => part.Contains(ManagedConfig.PortMark, StringComparison.Ordinal)))
            throw source.Error("command", $"'{ManagedConfig.PortMark}' has to stand where the server is told its port");
        return ReadReplicas(source, new ManagedConfig { Command = command });
    }

    private static ManagedConfig ReadReplicas(Section source, ManagedConfig defaults)
    {
        if (!source.IsMapping("replicas"))
        {
            int count = source.FindInteger("replicas", 1, MostReplicas) ?? 1;
            return defaults with { Min = count, Max = count };
        }
        Section replicas = source.FindSection("replicas", ReplicaKeys)!;
        int min = replicas.FindInteger("min", 0, MostReplicas) ?? defaults.Min;
        int max = replicas.FindInteger("max", 1, MostReplicas) ?? Math.Max(min, defaults.Max);
        if (min > max)
            throw replicas.Error("min", $"at most 'max', which is {max}");
        return defaults with
        {
            Min = min,
            Max = max,
            Busy = replicas.FindInteger("busy", 1, 1_000_000) ?? defaults.Busy,
            IdleStop = replicas.FindDuration("idle_stop") ?? defaults.IdleStop,
            Start = replicas.FindDuration("start") ?? defaults.Start,
            Stop = replicas.FindDuration("stop") ?? defaults.Stop,
        };
    }
}
