namespace Sluice.Bench.Micro;

/// <summary>Where files to measure on lie.</summary>
internal static class SampleFiles
{
    /// <summary>A file of the checkout that the bench runs from.</summary>
    public static string Checkout(params string[] path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sluice.slnx")))
                return Path.Combine([folder.FullName, .. path]);
        }
        throw new DirectoryNotFoundException($"no Sluice.slnx above {AppContext.BaseDirectory}: run the benches from a checkout");
    }

    /// <summary>A file of the reference data: of SLUICE_GOLDEN, else of ../shared/golden beside the checkout.</summary>
    public static string Golden(params string[] path) =>
        Path.Combine([Environment.GetEnvironmentVariable("SLUICE_GOLDEN") ?? Checkout("..", "shared", "golden"), .. path]);
}
