using System.Text.RegularExpressions;
using Sluice.Tests.House;

namespace Sluice.Tests.Samples;

/// <summary>Pages that show code show that of a sample, which is built and run.</summary>
public sealed partial class PageTests
{
    [Theory]
    [InlineData("docs/how-to/embed-in-dotnet.md", "InProcess/Program.cs")]
    [InlineData("README.md", "InProcess/Program.cs")]
    [InlineData("docs/how-to/write-a-policy.md", "NearestPolicy/NearestPolicy.cs")]
    public void Page_CodeItShows_IsTheSamples(string page, string file)
    {
        string sample = Checkout.Read($"samples/{file}");
        string[] shown = [.. Fence().Matches(Checkout.Read(page)).Select(fence => fence.Groups[1].Value)];
        Assert.NotEmpty(shown);
        Assert.All(shown, code => Assert.Contains(code, sample, StringComparison.Ordinal));
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
