using System.Collections.Concurrent;

namespace Sluice.Models.Tokenizers.Patterns;

/// <summary>
/// A regular expression over UTF-8 text, whose classes see whole code points. Finding all matches takes time linear in the text for every pattern:
/// see <see cref="PatternMatcher"/>. Immutable; each search rents a matcher.
/// </summary>
internal sealed class Pattern
{
    /// <summary>Alternatives at the top of a pattern that are told apart by the first byte.</summary>
    public const int OptionLimit = 64;

    private readonly ConcurrentBag<PatternMatcher> _idle = [];

    public Pattern(string text, PatternStep[] steps, int[] entries, IReadOnlyList<bool[]> firstBytes, int marks, int registers)
    {
        Text = text;
        Steps = steps;
        Entries = entries;
        Marks = marks;
        Registers = registers;
        for (int option = 0; option < entries.Length; option++)
            for (int entry = 0; entry < FirstBytes.Entries; entry++)
                if (firstBytes[option][entry])
                    OptionsByFirst[entry] |= 1ul << option;
    }

    /// <summary>The expression as written.</summary>
    public string Text { get; }

    public PatternStep[] Steps { get; }

    /// <summary>First step of each top alternative.</summary>
    public int[] Entries { get; }

    /// <summary>For each entry of <see cref="FirstBytes"/>, one bit per top alternative that can begin there.</summary>
    public ulong[] OptionsByFirst { get; } = new ulong[FirstBytes.Entries];

    /// <summary>Number of steps where a search can branch.</summary>
    public int Marks { get; }

    public int Registers { get; }

    /// <exception cref="PatternException">Not a pattern, or one that uses what is left out.</exception>
    public static Pattern Parse(string text) => PatternCompiler.Compile(text);

    /// <summary>A pattern that matches a string as it is.</summary>
    public static Pattern Literal(string text) =>
        PatternCompiler.Compile(string.Concat(text.Select(c => char.IsAscii(c) && !char.IsLetterOrDigit(c) ? "\\" + c : c.ToString())));

    /// <summary>All matches in a text.</summary>
    public PatternMatches Matches(ReadOnlySpan<byte> text) => new(this, text);

    /// <summary>A matcher for one text; give it back with <see cref="Return"/>.</summary>
    public PatternMatcher Rent(ReadOnlySpan<byte> text)
    {
        if (!_idle.TryTake(out var matcher))
            matcher = new PatternMatcher(this);
        matcher.Begin(text.Length);
        return matcher;
    }

    public void Return(PatternMatcher matcher)
    {
        matcher.Trim();
        _idle.Add(matcher);
    }
}
