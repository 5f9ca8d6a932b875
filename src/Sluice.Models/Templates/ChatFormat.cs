using System.Text.Json;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates;

/// <summary>
/// Turns conversations into a model's prompts: its template, its special tokens, and the shape of message that the template can read.
/// Clients write content as text or as parts, and arguments of tool calls as JSON in a string; templates differ in which they take, so
/// that is found out once by trying. Safe to use from many threads.
/// </summary>
public sealed class ChatFormat
{
    // As in transformers: text that no template changes, and that shows by its space whether the template trims the message.
    private const string ContinueMark = "CONTINUE_FINAL_MESSAGE_TAG ";

    private readonly ChatTemplate _template;
    private readonly KeyValuePair<string, string>[] _specialTokens;
    private readonly Lazy<MessageShape> _shape;

    /// <param name="template">The model's own, or <see cref="ChatTemplates.ChatMl"/> compiled.</param>
    /// <param name="specialTokens">Spelling of tokens by the variable that names them: bos_token, eos_token and so on. Tokens that the
    /// model lacks are left out.</param>
    public ChatFormat(ChatTemplate template, IEnumerable<KeyValuePair<string, string>> specialTokens)
    {
        _template = template;
        _specialTokens = [.. specialTokens];
        _shape = new Lazy<MessageShape>(() => MessageShape.Find(template, _specialTokens));
    }

    /// <summary>The text of the prompt.</summary>
    /// <param name="clock">What strftime_now tells; the system's where left out.</param>
    /// <exception cref="TemplateException">The template fails or refuses on this conversation, or it exceeds a limit.</exception>
    public string Render(ChatPrompt prompt, TimeProvider? clock = null)
    {
        Value[] messages = [.. prompt.Messages.Select(message => _shape.Value.Fit(TemplateContext.Convert("messages", message)))];
        bool continues = prompt.Ending == ChatEnding.ContinuedMessage;
        if (continues)
            messages[^1] = FinalMessage.Append(messages, ContinueMark);

        var context = new TemplateContext(clock);
        foreach ((string name, string spelling) in _specialTokens)
            context.Set(name, spelling);
        context.Set("messages", new ListValue(messages));
        // transformers sets these two always; templates tell by them whether tools are in play.
        context.Set("tools", prompt.Tools is { } tools ? TemplateContext.Convert("tools", tools) : NoneValue.Instance);
        context.Set("documents", prompt.Documents is { } documents ? TemplateContext.Convert("documents", documents) : NoneValue.Instance);
        context.Set("add_generation_prompt", prompt.Ending == ChatEnding.AssistantTurn);
        if (prompt.EnableThinking is { } thinking)
            context.Set("enable_thinking", thinking);
        foreach ((string name, var value) in prompt.Variables)
            context.Set(name, value);

        string text = _template.Render(context);
        return continues ? FinalMessage.Cut(text, ContinueMark) : text;
    }

    /// <summary>
    /// The text for a whole context object: its members are the template's variables as they stand, special tokens are added where it names none.
    /// Two members are read as transformers and vLLM take them: continue_final_message, and chat_template_kwargs for further variables.
    /// </summary>
    /// <param name="variables">A JSON object.</param>
    /// <exception cref="TemplateException">It is no object, or the template fails or refuses on it, or exceeds a limit.</exception>
    public string Render(JsonElement variables, TimeProvider? clock = null)
    {
        var context = TemplateContext.From(variables, clock);
        foreach ((string name, string spelling) in _specialTokens.Where(token => context.Find(token.Key) is null))
            context.Set(name, spelling);
        if (context.Find("chat_template_kwargs") is DictValue)
        {
            foreach (var variable in variables.GetProperty("chat_template_kwargs").EnumerateObject())
                context.Set(variable.Name, variable.Value);
        }
        if (context.Find("continue_final_message") is not { IsTrue: true })
            return _template.Render(context);
        if (context.Find("add_generation_prompt") is { IsTrue: true })
            throw new TemplateException("continue_final_message and add_generation_prompt cannot both be true", 0, 0);
        Value[] messages = context.Find("messages") is ListValue list ? [.. list.Items] : [];
        context.Set("messages", new ListValue([.. messages.SkipLast(1), FinalMessage.Append(messages, ContinueMark)]));
        return FinalMessage.Cut(_template.Render(context), ContinueMark);
    }
}
