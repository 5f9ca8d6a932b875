namespace Sluice.Models.Templates.Text;

/// <summary>Python's str.strip and its one-sided forms.</summary>
internal static class Stripping
{
    /// <param name="characters">What to strip; null for white space.</param>
    public static string Strip(string text, string? characters, bool start, bool end)
    {
        int from = 0, to = text.Length;
        while (start && from < to && Takes(text[from]))
            from++;
        while (end && to > from && Takes(text[to - 1]))
            to--;
        return to - from == text.Length ? text : text[from..to];

        bool Takes(char character) =>
            characters is null ? Whitespace.Is(character) : characters.Contains(character, StringComparison.Ordinal);
    }
}
