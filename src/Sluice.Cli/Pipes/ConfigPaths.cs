namespace Sluice.Cli.Pipes;

/// <summary>Where the pipe's configuration may be, first found first; users of fzp keep theirs.</summary>
internal static class ConfigPaths
{
    /// <summary>The one that <c>pipe init</c> writes.</summary>
    public static string Own => Below("sluice/pipe.toml");

    public static IEnumerable<string> All => [Own, Below("fzp/config.toml")];

    private static string Below(string path) =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config", path);
}
