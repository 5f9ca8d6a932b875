using System.Text;
using System.Text.RegularExpressions;
using Sluice.Models.Tokenizers.Patterns;

namespace Sluice.Tests.Models.Tokenizers.Patterns;

/// <summary>Patterns against the platform's regular expressions where both languages mean the same; ^ and $ stand at lines, as with Oniguruma.</summary>
public sealed class PatternTests
{
    private static readonly string[] Texts = ["", "a", "b", "ab ba\nab", "\nab\n", "aab, b-a", "  ab ", "ba\n\nb"];

    /// <summary>A captured, named or option-setting group that holds nothing but an assertion is still something to repeat.</summary>
    [Theory]
    [InlineData("(^)*a")]
    [InlineData("(^)?b")]
    [InlineData("(^){2}a")]
    [InlineData("(^)+?[ab]")]
    [InlineData("(\\b)+a")]
    [InlineData("(\\b)*")]
    [InlineData("(\\B)+b|a")]
    [InlineData("a($)?")]
    [InlineData("((?=a))*b")]
    [InlineData("((?=a))?[ab]")]
    [InlineData("((?!a))+.")]
    [InlineData("((?<=a))*b")]
    [InlineData("(?<edge>^)?b")]
    [InlineData("(?<edge>\\b)+a")]
    [InlineData("(?i:^)*B?a")]
    [InlineData("(?i:\\b)+a")]
    public void Find_RepeatedGroupOfAnAssertion_MatchesAsThePlatformDoes(string pattern) => CheckAgainstPlatform(pattern);

    [Theory]
    [InlineData("(?:ab|a)(?:b|ba)?")]
    [InlineData("(a*)*b|b")]
    [InlineData("(a+?)(b*)|\\s")]
    [InlineData("a{2}b?|[^a]{1,3}?")]
    [InlineData("\\b\\w+\\b|\\s+(?!\\S)|\\s+")]
    [InlineData("(?<=a)b|(?<!a)b")]
    [InlineData("^a|b$")]
    public void Find_OrdinaryPattern_MatchesAsThePlatformDoes(string pattern) => CheckAgainstPlatform(pattern);

    /// <summary>Oniguruma refuses these too: "target of repeat operator is invalid".</summary>
    [Theory]
    [InlineData("^*")]
    [InlineData("\\b+")]
    [InlineData("(?:^)*")]
    [InlineData("(?:\\b)?a")]
    [InlineData("(?=a)?b")]
    [InlineData("(?<=a)*b")]
    [InlineData("(?:(?<!a))*b")]
    public void Compile_RepeatedAssertionWithoutAGroup_IsRefused(string pattern)
    {
        var refusal = Assert.Throws<PatternException>(() => PatternCompiler.Compile(pattern));
        Assert.Contains("an assertion cannot be repeated", refusal.Message, StringComparison.Ordinal);
    }

    private static void CheckAgainstPlatform(string pattern)
    {
        var twin = new Regex(pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant);
        var matcher = new PatternMatcher(PatternCompiler.Compile(pattern));
        foreach (string text in Texts)
            Assert.Equal(twin.Matches(text).Select(match => (match.Index, match.Index + match.Length)), Matches(matcher, Encoding.UTF8.GetBytes(text)));
    }

    private static List<(int, int)> Matches(PatternMatcher matcher, byte[] text)
    {
        var found = new List<(int, int)>();
        matcher.Begin(text.Length);
        for (int from = 0; from <= text.Length && matcher.Find(text, from, out int start, out int end);)
        {
            found.Add((start, end));
            from = end > start ? end : end + 1;
        }
        return found;
    }
}
