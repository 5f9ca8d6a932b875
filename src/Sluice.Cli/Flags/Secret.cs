namespace Sluice.Cli.Flags;

/// <summary>Secrets are named on a command line, never written there: <c>env:NAME</c> or <c>file:PATH</c>.</summary>
internal static class Secret
{
    public const string Form = "env:NAME|file:PATH";

    /// <exception cref="UsageException">It is written in another form, or there is nothing where it points to.</exception>
    public static string Read(string option, string reference)
    {
        string? secret = reference.Split(':', 2) switch
        {
            ["env", var name] => Environment.GetEnvironmentVariable(name),
            ["file", var path] => File.Exists(path) ? File.ReadAllText(path).Trim() : null,
            _ => throw new UsageException($"{option} takes env:NAME or file:PATH, so that no secret stands on a command line."),
        };
        return string.IsNullOrEmpty(secret) ? throw new UsageException($"{option}: there is nothing in {reference}.") : secret;
    }
}
