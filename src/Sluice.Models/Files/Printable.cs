using System.Text;

namespace Sluice.Models.Files;

/// <summary>Text from a file made fit for a one-line message: a hostile name may hold line breaks, terminal escapes or megabytes.</summary>
internal static class Printable
{
    private const int MaxChars = 80;
    private const int MaxProblemChars = 200;

    public static string Quote(string text) => $"'{Shorten(text)}'";

    public static string Quote(ReadOnlySpan<byte> utf8) => $"'{Shorten(utf8)}'";

    /// <summary>A character takes at most four bytes, so a multiple of the limit is all that has to be decoded.</summary>
    public static string Shorten(ReadOnlySpan<byte> utf8) =>
        Shorten(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 4 * (MaxChars + 1))]));

    /// <summary>What the JSON reader complains of, without the position it appends.</summary>
    public static string Problem(Exception jsonFault)
    {
        string message = jsonFault.Message;
        int position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return Shorten(position < 0 ? message : message[..position], MaxProblemChars);
    }

    public static string Shorten(string text) => Shorten(text, MaxChars);

    private static string Shorten(string text, int maxChars)
    {
        var line = new StringBuilder(Math.Min(text.Length, maxChars) + 8);
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, maxChars)))
        {
            if (c is '\n')
                line.Append("\\n");
            else if (char.IsControl(c) || c is '\u2028' or '\u2029')
                line.Append($"\\u{(int)c:x4}");
            else
                line.Append(c);
        }
        if (text.Length > maxChars)
            line.Append('…');
        return line.ToString();
    }
}
