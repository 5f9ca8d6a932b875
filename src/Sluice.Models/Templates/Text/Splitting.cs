namespace Sluice.Models.Templates.Text;

/// <summary>Python's ways to cut text.</summary>
internal static class Splitting
{
    /// <summary>At runs of white space, without empty parts; the last part keeps the rest as it is.</summary>
    public static List<string> OnWhitespace(string text, int max)
    {
        var parts = new List<string>();
        ReadOnlySpan<char> rest = Whitespace.TrimStart(text);
        while (rest.Length > 0)
        {
            int end = 0;
            while (end < rest.Length && !Whitespace.Is(rest[end]))
                end++;
            if (parts.Count == max)
                end = rest.Length;
            parts.Add(rest[..end].ToString());
            rest = Whitespace.TrimStart(rest[end..]);
        }
        return parts;
    }

    /// <summary>As <see cref="OnWhitespace"/>, counted from the end; the first part keeps the rest.</summary>
    public static List<string> OnWhitespaceFromEnd(string text, int max)
    {
        var parts = new List<string>();
        ReadOnlySpan<char> rest = Whitespace.TrimEnd(text);
        while (rest.Length > 0)
        {
            int start = rest.Length;
            while (start > 0 && !Whitespace.Is(rest[start - 1]))
                start--;
            if (parts.Count == max)
                start = 0;
            parts.Add(rest[start..].ToString());
            rest = Whitespace.TrimEnd(rest[..start]);
        }
        parts.Reverse();
        return parts;
    }

    public static List<string> On(string text, string separator, int max)
    {
        RequireSeparator(separator);
        var parts = new List<string>();
        int start = 0;
        while (parts.Count < max)
        {
            int at = text.IndexOf(separator, start, StringComparison.Ordinal);
            if (at < 0)
                break;
            parts.Add(text[start..at]);
            start = at + separator.Length;
        }
        parts.Add(text[start..]);
        return parts;
    }

    public static List<string> OnFromEnd(string text, string separator, int max)
    {
        RequireSeparator(separator);
        var parts = new List<string>();
        int end = text.Length;
        while (parts.Count < max)
        {
            int at = text.AsSpan(0, end).LastIndexOf(separator, StringComparison.Ordinal);
            if (at < 0)
                break;
            parts.Add(text[(at + separator.Length)..end]);
            end = at;
        }
        parts.Add(text[..end]);
        parts.Reverse();
        return parts;
    }

    /// <summary>At line ends of any kind; the end of the last line opens no further one.</summary>
    public static List<string> Lines(string text, bool keepEnds = false)
    {
        var lines = new List<string>();
        for (int start = 0; start < text.Length;)
        {
            int at = start;
            while (at < text.Length && !IsLineEnd(text[at]))
                at++;
            int next = at;
            if (next < text.Length)
                next += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
            lines.Add(text[start..(keepEnds ? next : at)]);
            start = next;
        }
        return lines;
    }

    /// <summary>Before, at and after the first (or last) separator; all in the first (or last) part where there is none.</summary>
    public static string[] Partition(string text, string separator, bool fromEnd)
    {
        RequireSeparator(separator);
        int at = fromEnd
            ? text.AsSpan().LastIndexOf(separator, StringComparison.Ordinal)
            : text.IndexOf(separator, StringComparison.Ordinal);
        if (at >= 0)
            return [text[..at], separator, text[(at + separator.Length)..]];
        return fromEnd ? ["", "", text] : [text, "", ""];
    }

    private static bool IsLineEnd(char character) =>
        character is '\n' or '\r' or '\v' or '\f' or '\u001c' or '\u001d' or '\u001e' or '\u0085' or '\u2028' or '\u2029';

    private static void RequireSeparator(string separator)
    {
        if (separator.Length == 0)
            throw new TemplateFault("empty separator");
    }
}
