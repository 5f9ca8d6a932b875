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
        ? [Checked(Encode(Render(messages, view), EncodeOptions.Rendered, "messages"), null, view, context)]
        : [.. view.Prompts!.Select(p => Checked(
            p.Tokens ?? Encode(p.Text!, EncodeOptions.Prompt, "prompt"), view.Echo ? p.Text ?? Decode(p.Tokens!) : null, view, context))];

    private string Render(IReadOnlyList<ChatMessage> messages, CompletionRequest view)
    {
        var prompt = new ChatPrompt
        {
            Messages = [.. messages.Select(AsTemplateReads)],
            Tools = view.Tools,
            Ending = view.ContinueFinalMessage ? ChatEnding.ContinuedMessage : view.AddGenerationPrompt ? ChatEnding.AssistantTurn : ChatEnding.LastMessage,
            Variables = view.TemplateVariables,
        };
        try
        {
            return model.Chat.Render(prompt, time);
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

    /// <summary>Refuses a text that is far too long before the work of encoding it is done.</summary>
    private int[] Encode(string text, EncodeOptions options, string param)
    {
        int most = model.Engine.Options.ContextTokens;
        var ids = new List<int>(Math.Min(most, text.Length / 3 + 8));
        return model.Tokenizer.TryEncode(text, options, most - 1, ids) ? [.. ids] : throw TooLong("more than fits", param);
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
        if (ids.Length == 0)
            throw new InvalidRequestException("the prompt is empty: it has no tokens", param);
        if (ids.Length >= model.Engine.Options.ContextTokens)
            throw TooLong($"{ids.Length}", param);
        try
        {
            return new LocalPrompt(model.Engine.Prepare([new PromptSegment.Tokens(ids)], context.CacheSalt), echo);
        }
        catch (SluiceException mistake)
        {
            throw new InvalidRequestException(mistake.Message, param);
        }
    }

    private InvalidRequestException TooLong(string tokens, string param) => new(
        $"this model's context is {model.Engine.Options.ContextTokens} tokens, prompt and answer together, and the prompt alone has {tokens}",
        param, "context_length_exceeded");
}
