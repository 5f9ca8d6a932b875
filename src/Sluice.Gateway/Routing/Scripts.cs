using System.Text;

namespace Sluice.Gateway.Routing;

/// <summary>Which script most letters of a text are written in: what of a language can be told for certain and at once.</summary>
internal static class Scripts
{
    private static readonly (string Name, int First, int Last)[] Ranges =
    [
        ("latin", 'A', 'Z'), ("latin", 'a', 'z'), ("latin", 0xC0, 0x24F), ("greek", 0x370, 0x3FF), ("cyrillic", 0x400, 0x52F),
        ("hebrew", 0x590, 0x5FF), ("arabic", 0x600, 0x6FF), ("arabic", 0x750, 0x77F), ("devanagari", 0x900, 0x97F), ("thai", 0xE00, 0xE7F),
        ("hangul", 0x1100, 0x11FF), ("hangul", 0xAC00, 0xD7AF), ("kana", 0x3040, 0x30FF), ("han", 0x3400, 0x4DBF), ("han", 0x4E00, 0x9FFF),
        ("han", 0x20000, 0x2FA1F),
    ];

    /// <summary>Its names, as configurations write them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Ranges.Select(range => range.Name).Distinct()];

    /// <summary>Null where no letter belongs to a known one. Japanese is kana however many characters are Chinese.</summary>
    public static string? MostOf(ReadOnlySpan<char> text)
    {
        Span<int> counts = stackalloc int[Ranges.Length];
        foreach (Rune rune in text.EnumerateRunes())
        {
            for (int i = 0; i < Ranges.Length; i++)
            {
                if (rune.Value >= Ranges[i].First && rune.Value <= Ranges[i].Last)
                    counts[i]++;
            }
        }
        string? most = null;
        int best = 0;
        foreach (string name in Names)
        {
            int count = 0;
            for (int i = 0; i < Ranges.Length; i++)
                count += Ranges[i].Name == name ? counts[i] : 0;
            if (name == "kana" && count > 0)
                return name;
            if (count > best)
                (most, best) = (name, count);
        }
        return most;
    }
}
