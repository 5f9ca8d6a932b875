using System.Text.RegularExpressions;

namespace Sluice.Tests.House;

/// <summary>Documents point at things that exist.</summary>
public sealed partial class DocsTests
{
    public static TheoryData<string> Pages => new(Directory.EnumerateFiles(Checkout.Root, "*.md")
        .Concat(Directory.Exists(Path.Combine(Checkout.Root, "docs"))
            ? Directory.EnumerateFiles(Path.Combine(Checkout.Root, "docs"), "*.md", SearchOption.AllDirectories) : [])
        .Select(path => Path.GetRelativePath(Checkout.Root, path)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_OfAPage_Resolve(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Checkout.Root, page))!;
        Assert.Empty(
            from link in Link().Matches(Checkout.Read(page)).Select(match => match.Groups[1].Value)
            where !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith('#') && !link.StartsWith("mailto:", StringComparison.Ordinal)
            where !Path.Exists(Path.Combine(folder, link.Split('#')[0]))
            select link);
    }

    /// <summary>Source files that a page names in backticks, such as <c>src/Sluice.Engine/LlmEngine.cs</c>.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void SourcePaths_OfAPage_Exist(string page) => Assert.Empty(
        from path in SourcePath().Matches(Checkout.Read(page)).Select(match => match.Groups[1].Value)
        where !Placeholder().IsMatch(path) && !Path.Exists(Path.Combine(Checkout.Root, path))
        select path);

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    /// <summary>The name of what a how-to page tells to add: X, XDialect.</summary>
    [GeneratedRegex(@"/X[A-Z.]")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"`((?:src|tests|bench|scripts|docs)/[\w./-]+)`")]
    private static partial Regex SourcePath();
}
