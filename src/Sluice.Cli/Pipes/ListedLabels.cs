namespace Sluice.Cli.Pipes;

/// <summary>Names as a prompt lists them.</summary>
internal static class ListedLabels
{
    /// <summary><c>a, b or c</c>.</summary>
    public static string Join(IReadOnlyList<string> names, string last) => names.Count < 2
        ? string.Concat(names)
        : $"{string.Join(", ", names.SkipLast(1))} {last} {names[^1]}";
}
