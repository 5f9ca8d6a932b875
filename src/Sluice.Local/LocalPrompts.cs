using System.Buffers;
using System.Text.Json;
using Sluice.Core.Errors;
using Sluice.Engine.Requests;
using Sluice.Models.Templates;
using Sluice.Models.Tokenizers;
using Sluice.Protocol.Requests;

namespace Sluice.Local;

/// <summary>Turns a request into checked prompts of one model: template, tokens, hashes. Runs on the caller's thread.</summary>
internal sealed class LocalPrompts(LocalModel model, TimeProvider time)
{
    /// <exception cref="InvalidRequestException">The conversation, the tokens or the length do not suit this model.</exception>
    public IReadOnlyList<LocalPrompt> Make(CompletionRequest view, RequestContext context) => view.Messages is { } messages
        ? [Checked(Encode(Render(messages, view.Tools), EncodeOptions.Rendered), null, view, context)]
        : [.. view.Prompts!.Select(p => Checked(
            p.Tokens ?? Encode(p.Text!, EncodeOptions.Prompt), view.Echo ? p.Text ?? Decode(p.Tokens!) : null, view, context))];

    private string Render(IReadOnlyList<ChatMessage> messages, JsonElement? tools)
    {
        try
        {
            return model.Chat.Render(new ChatPrompt { Messages = [.. messages.Select(AsTemplateReads)], Tools = tools }, time);
        }
        catch (TemplateException refusal)
        {
            string who = refusal.RaisedByTemplate ? "the model's chat template refuses this conversation: " : "";
            throw new InvalidRequestException(who + (refusal.RaisedByTemplate ? refusal.Problem : refusal.Message), "messages");
        }
    }

    /// <summary>The message as it came, but for a role that the dialect knows by another name.</summary>
    private static JsonElement AsTemplateReads(ChatMessage message)
    {
        if (message.Raw.GetProperty("role").ValueEquals(message.Role))
            return message.Raw;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var member in message.Raw.EnumerateObject())
            {
                if (member.NameEquals("role"))
                    writer.WriteString("role", message.Role);
                else
                    member.WriteTo(writer);
            }
            writer.WriteEndObject();
        }
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private int[] Encode(string text, EncodeOptions options)
    {
        var ids = new List<int>(text.Length / 3 + 8);
        model.Tokenizer.Encode(text, options, ids);
        return [.. ids];
    }

    private string Decode(ReadOnlySpan<int> ids)
    {
        var detokenizer = model.Tokenizer.CreateDetokenizer(showSpecial: true);
        var text = new System.Text.StringBuilder();
        foreach (int id in ids)
            text.Append(detokenizer.Append(id));
        return text.Append(detokenizer.Flush()).ToString();
    }

    private LocalPrompt Checked(int[] ids, string? echo, CompletionRequest view, RequestContext context)
    {
        string param = view.Messages is null ? "prompt" : "messages";
        int most = model.Engine.Options.ContextTokens;
        if (ids.Length == 0)
            throw new InvalidRequestException("the prompt is empty: it has no tokens", param);
        if (ids.Length >= most)
            throw new InvalidRequestException(
                $"this model's context is {most} tokens, prompt and answer together, and the prompt alone has {ids.Length}", param, "context_length_exceeded");
        try
        {
            return new LocalPrompt(model.Engine.Prepare([new PromptSegment.Tokens(ids)], context.CacheSalt), echo);
        }
        catch (SluiceException mistake)
        {
            throw new InvalidRequestException(mistake.Message, param);
        }
    }
}
