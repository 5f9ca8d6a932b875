using System.Globalization;
using System.Text;

namespace Sluice.Models.Answers.Reading;

/// <summary>Reads JSON character by character. It is as lenient as models are careless: white space and control characters may stand anywhere.</summary>
internal static class JsonScan
{
    // Keys and names; longer ones are none.
    private const int MaxString = 4096;

    /// <summary>
    /// Copies the value that follows, with one space behind commas and colons as Python and so most templates write it. False where it is
    /// no value or ends too early; what was copied up to there is copied.
    /// </summary>
    public static async ReadTask<bool> CopyAsync(AnswerText text, Action<char> give)
    {
        int c = await text.SkipSpaceAsync();
        if (c == '"')
            return await CopyStringAsync(text, give);
        if (c is not ('{' or '['))
            return await CopyWordAsync(text, give);
        var open = new Stack<char>();
        bool afterWord = false, gap = false;
        do
        {
            c = await text.Peek();
            if (c == AnswerText.End)
                return false;
            if (char.IsWhiteSpace((char)c))
            {
                text.Skip();
                gap = true;
                continue;
            }
            if (c is '}' or ']' && open.Peek() != c)
                return false;
            if (c == '"')
            {
                if (!await CopyStringAsync(text, give))
                    return false;
                continue;
            }
            text.Skip();
            bool word = c is not ('{' or '}' or '[' or ']' or ',' or ':');
            if (word && afterWord && gap)
                give(' ');
            (afterWord, gap) = (word, false);
            give((char)c);
            if (c is ',' or ':')
                give(' ');
            else if (c is '{' or '[')
                open.Push(c == '{' ? '}' : ']');
            else if (c is '}' or ']')
                open.Pop();
        }
        while (open.Count > 0);
        return true;
    }

    /// <summary>The string that follows, without its quotes and escapes; null where there is none, or none that ends.</summary>
    public static async ReadTask<string?> ReadStringAsync(AnswerText text)
    {
        if (await text.SkipSpaceAsync() != '"')
            return null;
        text.Skip();
        var content = new StringBuilder();
        for (; ; )
        {
            int c = await text.Peek();
            if (c == AnswerText.End || content.Length > MaxString)
                return null;
            text.Skip();
            if (c == '"')
                return content.ToString();
            content.Append(c == '\\' ? await ReadEscapeAsync(text) : (char)c);
        }
    }

    private static async ReadTask<bool> CopyStringAsync(AnswerText text, Action<char> give)
    {
        text.Skip();
        give('"');
        for (bool escaped = false; ;)
        {
            int c = await text.Peek();
            if (c == AnswerText.End)
                return false;
            text.Skip();
            if (c < ' ' && !escaped)
                JsonEscape.Write((char)c, give); // a line feed as it stands is no JSON, but models write it
            else
                give((char)c);
            if (c == '"' && !escaped)
                return true;
            escaped = c == '\\' && !escaped;
        }
    }

    /// <summary>A number, true, false or null.</summary>
    private static async ReadTask<bool> CopyWordAsync(AnswerText text, Action<char> give)
    {
        int length = 0;
        for (int c; (c = await text.Peek()) != AnswerText.End && (char.IsAsciiLetterOrDigit((char)c) || c is '-' or '+' or '.'); length++)
        {
            text.Skip();
            give((char)c);
        }
        return length > 0;
    }

    private static async ReadTask<char> ReadEscapeAsync(AnswerText text)
    {
        int c = await text.Peek();
        if (c == AnswerText.End)
            return '\\';
        text.Skip();
        if (c != 'u')
            return c switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', _ => (char)c };
        var digits = new StringBuilder();
        while (digits.Length < 4 && await text.Peek() is var digit && digit != AnswerText.End && char.IsAsciiHexDigit((char)digit))
        {
            text.Skip();
            digits.Append((char)digit);
        }
        return digits.Length == 4 ? (char)ushort.Parse(digits.ToString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : '\uFFFD';
    }
}
