namespace Sluice.Cli;

/// <summary>
/// How the runtime serves sockets, which it takes from the environment alone, and once: before the first socket. Whoever has set one of
/// these keeps it.
/// </summary>
internal static class SocketThreads
{
    /// <summary>
    /// The thread that a socket wakes does the work itself, where else it would hand it to another one that has to be woken first; and
    /// half of the cores have such a thread, because the others have engines, sources and clients to run.
    /// </summary>
    public static void WorkThemselves()
    {
        SetIfFree("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        SetIfFree("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", $"{Math.Max(1, Environment.ProcessorCount / 2)}");
    }

    private static void SetIfFree(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is null)
            Environment.SetEnvironmentVariable(name, value);
    }
}
