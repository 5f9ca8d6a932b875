using System.Globalization;

namespace Sluice.Models.Answers.Reading;

/// <summary>Characters as JSON strings spell them.</summary>
internal static class JsonEscape
{
    public static void Write(char c, Action<char> give)
    {
        string? escape = c switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            _ => null,
        };
        if (escape is null)
        {
            give(c);
            return;
        }
        foreach (char part in escape)
            give(part);
    }

    public static void Write(string text, Action<char> give)
    {
        give('"');
        foreach (char c in text)
            Write(c, give);
        give('"');
    }
}
