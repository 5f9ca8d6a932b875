namespace Sluice.Golden;

/// <summary>
/// Finds the reference data that other engines computed: the folder in SLUICE_GOLDEN, else ../shared/golden beside the checkout. Where it is
/// absent its tests skip, visibly; where it is present a missing file is a failure.
/// </summary>
public static class GoldenData
{
    private static readonly string? Root = Locate();

    public static bool Present => Root is not null;

    /// <summary>The full path of a file or folder of the reference data; skips the calling test where there is no reference data at all.</summary>
    public static string Require(string relative)
    {
        Assert.SkipWhen(Root is null, "no reference data: set SLUICE_GOLDEN or put it at ../shared/golden");
        string path = Path.Combine(Root, relative);
        Assert.True(Path.Exists(path), $"{path} is missing from the reference data");
        return path;
    }

    private static string? Locate()
    {
        if (Environment.GetEnvironmentVariable("SLUICE_GOLDEN") is { Length: > 0 } given)
            return Directory.Exists(given) ? given : throw new DirectoryNotFoundException($"SLUICE_GOLDEN names {given}, which is no folder");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Sluice.slnx")))
                continue;
            string beside = Path.Combine(folder.FullName, "..", "shared", "golden");
            return Directory.Exists(beside) ? Path.GetFullPath(beside) : null;
        }
        return null;
    }
}
