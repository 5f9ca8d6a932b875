using System.Globalization;
using System.Text;
using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers.Forms;

/// <summary>Values that look like JSON but are not: other quotes, bare keys, Python's words. Copied as JSON.</summary>
/// <param name="quotes">What texts stand between.</param>
/// <param name="escapes">Whether a backslash in a text means something.</param>
internal sealed class LooseValues(string[] quotes, bool escapes)
{
    private const int MaxDepth = 64;

    private static readonly Func<char, bool> InWord = c => c is not (',' or ']' or '}' or ')' or '[' or '{' or '(' or '\n');

    /// <summary>Copies the value that follows; false where it is none, or does not end.</summary>
    public async ReadTask<bool> CopyAsync(AnswerText text, Action<char> give, int depth = 0)
    {
        int c = await text.SkipSpaceAsync();
        if (await FindQuoteAsync(text) is { } quote)
            return await CopyTextAsync(text, quote, give);
        if (c is '[' or '(')
            return depth < MaxDepth && await CopyListAsync(text, give, c == '[' ? ']' : ')', depth + 1);
        if (c == '{')
            return depth < MaxDepth && await CopyDictionaryAsync(text, give, depth + 1);
        if (await text.ReadWordAsync(InWord) is not { } word || string.IsNullOrWhiteSpace(word))
            return false;
        Give(ArgumentSchema.AsJson(word.Trim()), give);
        return true;
    }

    /// <summary>Copies what stands in braces, of which the first comes next.</summary>
    public async ReadTask<bool> CopyDictionaryAsync(AnswerText text, Action<char> give, int depth)
    {
        text.Skip();
        give('{');
        for (bool any = false; ; any = true)
        {
            int c = await text.SkipSpaceAsync();
            if (c == ',')
                text.Skip();
            c = await text.SkipSpaceAsync();
            if (c == '}')
            {
                text.Skip();
                give('}');
                return true;
            }
            var key = new StringBuilder();
            if (await FindQuoteAsync(text) is { } quote)
            {
                if (!await CopyTextAsync(text, quote, part => key.Append(part)))
                    return false;
            }
            else if (await text.ReadWordAsync(static part => part is not (':' or ',' or '}')) is { } word)
            {
                JsonEscape.Write(word.Trim(), part => key.Append(part));
            }
            if (key.Length == 0 || !await text.TryReadAfterSpaceAsync(":"))
                return false;
            if (any)
                Give(", ", give);
            Give(key.ToString(), give);
            Give(": ", give);
            if (!await CopyAsync(text, give, depth))
                return false;
        }
    }

    private async ReadTask<bool> CopyListAsync(AnswerText text, Action<char> give, char end, int depth)
    {
        text.Skip();
        give('[');
        for (bool any = false; ; any = true)
        {
            int c = await text.SkipSpaceAsync();
            if (c == ',')
                text.Skip();
            c = await text.SkipSpaceAsync();
            if (c == end)
            {
                text.Skip();
                give(']');
                return true;
            }
            if (any)
                Give(", ", give);
            if (!await CopyAsync(text, give, depth))
                return false;
        }
    }

    private async ReadTask<string?> FindQuoteAsync(AnswerText text)
    {
        foreach (string quote in quotes)
        {
            if (await text.TryReadWholeAsync(quote))
                return quote;
        }
        return null;
    }

    private async ReadTask<bool> CopyTextAsync(AnswerText text, string quote, Action<char> give)
    {
        give('"');
        string[] marks = escapes ? [quote, "\\"] : [quote];
        for (; ; )
        {
            int met = await Scan.ForAsync(text, marks, c => JsonEscape.Write(c, give));
            if (met == Scan.None)
                return false;
            if (met == 0)
            {
                give('"');
                return true;
            }
            await CopyEscapeAsync(text, give);
        }
    }

    /// <summary>What Python makes of it: an escape that it does not know is a backslash and what follows.</summary>
    private static async ReadTask<bool> CopyEscapeAsync(AnswerText text, Action<char> give)
    {
        int c = await text.Peek();
        if (c == AnswerText.End)
            return false;
        text.Skip();
        int digits = c switch { 'x' => 2, 'u' => 4, _ => 0 };
        var hex = new StringBuilder();
        while (hex.Length < digits && await text.Peek() is var digit && digit != AnswerText.End && char.IsAsciiHexDigit((char)digit))
        {
            text.Skip();
            hex.Append((char)digit);
        }
        string meant = (char)c switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            '\n' => "",
            '\\' or '\'' or '"' => ((char)c).ToString(),
            _ when digits > 0 && hex.Length == digits =>
                ((char)ushort.Parse(hex.ToString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString(),
            _ => $"\\{(char)c}{hex}",
        };
        foreach (char part in meant)
            JsonEscape.Write(part, give);
        return true;
    }

    private static void Give(string text, Action<char> give)
    {
        foreach (char c in text)
            give(c);
    }
}
