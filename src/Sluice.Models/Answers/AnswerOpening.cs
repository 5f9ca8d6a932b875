using System.Text.Json;
using Sluice.Models.Templates;

namespace Sluice.Models.Answers;

/// <summary>
/// Where in a prompt the assistant's own words begin: behind the header of its turn. What a template writes there, such as the tag that
/// opens thoughts, is the beginning of the answer that the model goes on with. Found once for each template by rendering small
/// conversations. Immutable.
/// </summary>
public sealed class AnswerOpening
{
    private readonly string _header;

    private AnswerOpening(string header) => _header = header;

    /// <summary>Whether the turn has a header; without one only the message itself tells what it has already.</summary>
    public bool HasHeader => _header.Length > 0;

    public static AnswerOpening Find(ChatFormat chat, AnswerFormat format)
    {
        string? thinking = Header(chat, format, thinks: true), silent = Header(chat, format, thinks: false);
        string first = thinking ?? silent ?? "", second = silent ?? first;
        return new AnswerOpening(first[..first.AsSpan().CommonPrefixLength(second)]);
    }

    /// <summary>What the prompt has of the answer already.</summary>
    /// <param name="prompt">Its end will do.</param>
    public string Of(string prompt)
    {
        int at = _header.Length == 0 ? -1 : prompt.LastIndexOf(_header, StringComparison.Ordinal);
        return at < 0 ? "" : prompt[(at + _header.Length)..];
    }

    /// <summary>What the template adds for the assistant's turn, up to the tags of thoughts; null where it cannot be told.</summary>
    private static string? Header(ChatFormat chat, AnswerFormat format, bool thinks)
    {
        using var message = JsonDocument.Parse("""{"role":"user","content":"?"}""");
        using var tool = JsonDocument.Parse("""[{"type":"function","function":{"name":"f","description":"","parameters":{"type":"object","properties":{}}}}]""");
        return Try(null) ?? Try(tool.RootElement); // some templates fail without tools

        string? Try(JsonElement? tools)
        {
            var prompt = new ChatPrompt { Messages = [message.RootElement], Tools = tools, EnableThinking = thinks };
            try
            {
                string closed = chat.Render(prompt with { Ending = ChatEnding.LastMessage });
                string open = chat.Render(prompt with { Ending = ChatEnding.AssistantTurn });
                string added = open[open.AsSpan().CommonPrefixLength(closed)..];
                int tag = format.FindTag(added);
                return tag < 0 ? added : added[..tag].TrimEnd(' ');
            }
            catch (TemplateException)
            {
                return null;
            }
        }
    }
}
