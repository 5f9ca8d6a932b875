using System.Globalization;
using System.Text;

namespace Sluice.Pipe.Configuration;

/// <summary>The four kinds of strings that TOML has.</summary>
internal static class TomlString
{
    public static string Read(TomlText text)
    {
        if (text.TryTake("\"\"\""))
            return ReadLong(text, "\"\"\"", escapes: true);
        if (text.TryTake("'''"))
            return ReadLong(text, "'''", escapes: false);
        return ReadShort(text);
    }

    public static string ReadShort(TomlText text)
    {
        char quote = text.Next();
        var value = new StringBuilder();
        while (text.Here != quote)
        {
            if (text.Here is '\n' or '\r')
                throw text.Fault("a string is not closed on its line");
            Append(text, value, escapes: quote == '"');
        }
        text.Next();
        return value.ToString();
    }

    private static string ReadLong(TomlText text, string quotes, bool escapes)
    {
        var value = new StringBuilder();
        if (!text.TryTake("\r\n"))
            text.TryTake("\n"); // a line end right after the quotes does not count
        while (!text.TryTake(quotes))
            Append(text, value, escapes);
        while (text.Here == quotes[0]) // one or two more quotes before the closing ones belong to the text
            value.Append(text.Next());
        return value.ToString();
    }

    private static void Append(TomlText text, StringBuilder value, bool escapes)
    {
        char c = text.Next();
        if (c != '\\' || !escapes)
        {
            value.Append(c);
            return;
        }
        char escaped = text.Next();
        switch (escaped)
        {
            case 'b': value.Append('\b'); break;
            case 't': value.Append('\t'); break;
            case 'n': value.Append('\n'); break;
            case 'f': value.Append('\f'); break;
            case 'r': value.Append('\r'); break;
            case 'e': value.Append('\u001b'); break;
            case '"' or '\\': value.Append(escaped); break;
            case 'u': value.Append(Character(text, 4)); break;
            case 'U': value.Append(Character(text, 8)); break;
            case ' ' or '\t' or '\n' or '\r': text.TakeWhile(char.IsWhiteSpace); break; // a line that goes on
            default: throw text.Fault($"'\\{escaped}' is no escape");
        }
    }

    private static string Character(TomlText text, int digits)
    {
        var hex = new char[digits];
        for (int i = 0; i < digits; i++)
            hex[i] = text.Next();
        bool valid = int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) && Rune.IsValid(code);
        return valid ? new Rune(code).ToString() : throw text.Fault($"'{new string(hex)}' is no character");
    }
}
