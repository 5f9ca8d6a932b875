namespace Sluice.Models.Templates.Text;

/// <summary>Python's idea of white space: Unicode's, and the four separators U+001C to U+001F.</summary>
internal static class Whitespace
{
    public static bool Is(char character) => char.IsWhiteSpace(character) || character is >= '\u001c' and <= '\u001f';

    public static bool IsAll(ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            if (!Is(character))
                return false;
        }
        return true;
    }

    public static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text)
    {
        int start = 0;
        while (start < text.Length && Is(text[start]))
            start++;
        return text[start..];
    }

    public static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> text)
    {
        int end = text.Length;
        while (end > 0 && Is(text[end - 1]))
            end--;
        return text[..end];
    }
}
