using System.Buffers;
using System.Text.Json;
using Sluice.Core.Errors;
using Sluice.Core.Steps;
using Sluice.Engine.Adapters;
using Sluice.Engine.Requests;
using Sluice.Local.Answers;
using Sluice.Models.Answers;
using Sluice.Models.Templates;
using Sluice.Models.Tokenizers;
using Sluice.Protocol.Requests;

namespace Sluice.Local;

/// <summary>Turns a request into checked prompts of one model: template, tokens, hashes. Runs on the caller's thread.</summary>
/// <param name="name">The model's name, or that with an adapter's, whatever a request calls it; null goes by the request.</param>
internal sealed class LocalPrompts(LocalModel model, TimeProvider time, string? name = null)
{
    /// <exception cref="InvalidRequestException">The conversation, the tokens or the length do not suit this model.</exception>
    public IReadOnlyList<LocalPrompt> Make(CompletionRequest view, RequestContext context)
    {
        var adapter = model.FindAdapter(name ?? view.Model);
        if (view.Messages is { } messages)
        {
            var room = ToContinue("messages");
            string text = Render(messages, view);
            int[] ids = Encode(text, EncodeOptions.Rendered, room);
            var prompt = Check(ids, room, view.CacheSalt ?? context.CacheSalt, adapter, view.Keep);
            return [new LocalPrompt(prompt, null, EncodePrediction(view.Prediction), ReadingOf(text, view))];
        }
        var rest = ToContinue("prompt");
        return [.. view.Prompts!.Select(p => new LocalPrompt(
            Check(p.Tokens ?? Encode(p.Text!, EncodeOptions.Prompt, rest), rest, view.CacheSalt ?? context.CacheSalt, adapter, view.Keep),
            view.Echo ? p.Text ?? Decode(p.Tokens!) : null))];
    }

    /// <summary>Texts to embed, with the special tokens that the vocabulary asks for; each may fill the whole context.</summary>
    /// <param name="asked">The model's name as the request has it, which may name an adapter.</param>
    /// <exception cref="InvalidRequestException">The tokens or the length do not suit this model.</exception>
    public IReadOnlyList<Prompt> Make(IReadOnlyList<PromptInput> inputs, string asked, RequestContext context)
    {
        var adapter = model.FindAdapter(name ?? asked);
        var room = new Room(inputs.Count == 1 ? "input" : "one of 'input'", "input", model.Engine.Options.ContextTokens, "");
        return [.. inputs.Select(input => Check(input.Tokens ?? Encode(input.Text!, EncodeOptions.Prompt, room), room, context.CacheSalt, adapter))];
    }

    /// <summary>What labels are scored after.</summary>
    /// <exception cref="InvalidRequestException">The conversation, the tokens or the length do not suit this model.</exception>
    public Prompt Make(ScoringRequest request, RequestContext context)
    {
        var view = new CompletionRequest
        {
            Model = request.Model,
            Messages = request.Messages,
            Prompts = request.Prompt is { } prompt ? [prompt] : null,
            TemplateVariables = request.TemplateVariables,
        };
        return Make(view, context)[0].Prompt;
    }

    /// <summary>Tokens as text, special ones by their names.</summary>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var detokenizer = model.Tokenizer.CreateDetokenizer(showSpecial: true);
        var text = new System.Text.StringBuilder();
        foreach (int id in ids)
            text.Append(detokenizer.Append(id));
        return text.Append(detokenizer.Flush()).ToString();
    }

    private string Render(IReadOnlyList<ChatMessage> messages, CompletionRequest view)
    {
        var prompt = new ChatPrompt
        {
            Messages = [.. messages.Select(AsTemplateReads)],
            Tools = ShownTools(view),
            Ending = view.ContinueFinalMessage ? ChatEnding.ContinuedMessage
                : view.AddGenerationPrompt ? ChatEnding.AssistantTurn
                : ChatEnding.LastMessage,
            Variables = ThoughtVariables.Of(view),
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

    /// <summary>How the answer to a conversation is read; null where there is nothing to tell apart.</summary>
    private ChatReading? ReadingOf(string prompt, CompletionRequest view)
    {
        var format = model.Answers.Format;
        var tools = format.MakesCalls ? ShownTools(view) : null;
        if (tools is null && !format.HasThoughts)
            return null;
        var options = new AnswerOptions
        {
            Tools = tools, ParallelCalls = view.ParallelToolCalls, ThoughtsInText = view.Thinking.InText,
        };
        string opening = view.ContinueFinalMessage ? model.Answers.OpeningOf(prompt, view.Messages![^1].Content)
            : view.AddGenerationPrompt ? model.Answers.OpeningOf(prompt, null)
            : "";
        return new ChatReading(model.Answers, options, opening, ShowsOpening: view.AddGenerationPrompt);
    }

    private static JsonElement? ShownTools(CompletionRequest view) => view.ToolChoice.Mode == ToolChoiceMode.None ? null : view.Tools;

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
    private int[] Encode(string text, EncodeOptions options, Room room)
    {
        var ids = new List<int>(Math.Min(room.Tokens, text.Length / 3 + 8));
        return model.Tokenizer.TryEncode(text, options, room.Tokens, ids) ? [.. ids] : throw TooLong("more than fits", room);
    }

    /// <summary>An expected answer; nothing of one that the context could not hold, since it is only a hint.</summary>
    private int[] EncodePrediction(string? text)
    {
        var ids = new List<int>();
        var plain = new EncodeOptions(AddSpecial: false, ParseSpecial: false);
        return text is not null && model.Tokenizer.TryEncode(text, plain, model.Engine.Options.ContextTokens, ids) ? [.. ids] : [];
    }

    private Prompt Check(int[] ids, Room room, string? salt, EngineAdapter? adapter, ContextWindow? keep = null)
    {
        if (ids.Length == 0)
            throw new InvalidRequestException($"{room.Subject} is empty: it has no tokens", room.Param);
        if (ids.Length > room.Tokens)
            throw TooLong($"{ids.Length}", room);
        try
        {
            KvRetention? retention = keep is null ? null : new KvRetention(keep.Sinks, keep.Window, keep.Heavy);
            return model.Engine.Prepare([new PromptSegment.Tokens(ids)], salt, retention, adapter);
        }
        catch (SluiceException mistake)
        {
            throw new InvalidRequestException(mistake.Message, room.Param);
        }
    }

    /// <summary>Room for a prompt that leaves place for one token of an answer.</summary>
    private Room ToContinue(string param) =>
        new("the prompt", param, model.Engine.Options.ContextTokens - 1, ", prompt and answer together,");

    private InvalidRequestException TooLong(string tokens, Room room) => new(
        $"this model's context is {model.Engine.Options.ContextTokens} tokens{room.Terms} and {room.Subject} alone has {tokens}",
        room.Param, "context_length_exceeded");

    /// <param name="Subject">What must fit, in words.</param>
    /// <param name="Param">The field it came in.</param>
    /// <param name="Tokens">Most tokens of it.</param>
    /// <param name="Terms">What else shares the context, in words.</param>
    private readonly record struct Room(string Subject, string Param, int Tokens, string Terms);
}
