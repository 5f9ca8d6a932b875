namespace Sluice.Tests.House;

/// <summary>The checkout that the tests run from, as files.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every hand-written source file under src, by its path relative to the checkout, with forward slashes.</summary>
    public static IEnumerable<string> Sources(string pattern = "*.cs") => Directory
        .EnumerateFiles(Path.Combine(Root, "src"), pattern, SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"))
        .Order(StringComparer.Ordinal);

    public static string Read(string relative) => File.ReadAllText(Path.Combine(Root, relative));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sluice.slnx")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"no Sluice.slnx above {AppContext.BaseDirectory}: run the tests inside a checkout");
    }
}
