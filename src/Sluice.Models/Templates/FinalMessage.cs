using Sluice.Models.Templates.Text;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates;

/// <summary>Ends a prompt inside its last message: a mark behind the message's text shows where in the prompt that is.</summary>
internal static class FinalMessage
{
    private static readonly StringValue Content = new("content");
    private static readonly StringValue PartText = new("text");

    /// <summary>The last message with the mark behind its text, or behind its last part of text.</summary>
    public static Value Append(Value[] messages, string mark)
    {
        if (messages is not [.., DictValue message])
            throw new TemplateException("there is no message to continue", 0, 0, raisedByTemplate: true);
        switch (message.Item(Content))
        {
            case StringValue text:
                return message.With(Content, new StringValue(text.Content + mark));
            case ListValue parts:
                int last = Array.FindLastIndex(parts.Items, part => part is DictValue && part.Item(PartText) is StringValue);
                if (last < 0)
                    break;
                Value[] items = [.. parts.Items];
                var part = (DictValue)items[last];
                items[last] = part.With(PartText, new StringValue(((StringValue)part.Item(PartText)!).Content + mark));
                return message.With(Content, new ListValue(items));
        }
        throw new TemplateException("the last message has no text to continue", 0, 0, raisedByTemplate: true);
    }

    /// <summary>The prompt up to the mark; where the template trimmed the message its prompt ends trimmed too.</summary>
    public static string Cut(string prompt, string mark)
    {
        int at = prompt.LastIndexOf(mark.TrimEnd(), StringComparison.Ordinal);
        if (at < 0)
            throw new TemplateException("the template leaves the last message out, so it cannot go on", 0, 0, raisedByTemplate: true);
        bool keepsSpaces = prompt.AsSpan(at).StartsWith(mark);
        return keepsSpaces ? prompt[..at] : Whitespace.TrimEnd(prompt.AsSpan(0, at)).ToString();
    }
}
