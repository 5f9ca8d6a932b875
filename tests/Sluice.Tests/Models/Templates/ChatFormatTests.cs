using System.Text.Json;
using Sluice.Models.Templates;

namespace Sluice.Tests.Models.Templates;

public sealed class ChatFormatTests
{
    private const string PlainTemplate =
        "{% for m in messages %}[{{ m.role }}] {{ m.content + '\n' }}{% endfor %}{% if add_generation_prompt %}[assistant] {% endif %}";

    private const string Conversation = """[{"role":"user","content":"Hi"},{"role":"assistant","content":"The sky is "}]""";

    private const string TwoParts = """[{"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]}]""";

    [Fact]
    public void Render_ChatMl_WritesTurns()
    {
        string prompt = Render(ChatTemplates.ChatMl, """[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]""");

        Assert.Equal("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", prompt);
    }

    [Fact]
    public void Render_ChatMlWithTools_Refuses()
    {
        var prompt = new ChatPrompt { Messages = Messages(Conversation), Tools = Json("""[{"type":"function"}]""") };

        var refusal = Assert.Throws<TemplateException>(() => Format(ChatTemplates.ChatMl).Render(prompt));

        Assert.True(refusal.RaisedByTemplate);
        Assert.Contains("no form for tools", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ChatEnding.AssistantTurn, "[user] Hi\n[assistant] The sky is \n[assistant] ")]
    [InlineData(ChatEnding.LastMessage, "[user] Hi\n[assistant] The sky is \n")]
    [InlineData(ChatEnding.ContinuedMessage, "[user] Hi\n[assistant] The sky is ")]
    public void Render_Ending_EndsThere(ChatEnding ending, string expected)
    {
        var prompt = new ChatPrompt { Messages = Messages(Conversation), Ending = ending };

        Assert.Equal(expected, Format(PlainTemplate).Render(prompt));
    }

    [Fact]
    public void Render_ContinuedMessageThatTemplateTrims_EndsTrimmed()
    {
        var prompt = new ChatPrompt { Messages = Messages(Conversation), Ending = ChatEnding.ContinuedMessage };

        string text = Format("{% for m in messages %}<{{ m.content | trim }}>{% endfor %}").Render(prompt);

        Assert.Equal("<Hi><The sky is", text);
    }

    [Theory]
    [InlineData("{{ messages[0].content }}", Conversation, "leaves the last message out")]
    [InlineData(PlainTemplate, "[{\"role\":\"assistant\",\"content\":null}]", "no text to continue")]
    [InlineData(PlainTemplate, "[]", "no message to continue")]
    public void Render_NothingToContinue_Refuses(string template, string messages, string problem)
    {
        var prompt = new ChatPrompt { Messages = Messages(messages), Ending = ChatEnding.ContinuedMessage };

        var refusal = Assert.Throws<TemplateException>(() => Format(template).Render(prompt));

        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
        Assert.True(refusal.RaisedByTemplate);
    }

    [Fact]
    public void Render_PartsForTemplateOfText_JoinsThem()
    {
        string prompt = Render(PlainTemplate, TwoParts);

        Assert.Equal("[user] one\ntwo\n[assistant] ", prompt);
    }

    [Fact]
    public void Render_TextForTemplateOfParts_WrapsIt()
    {
        const string Template = "{% for m in messages %}{% for p in m.content %}{{ p.type ~ '=' ~ p['text'] }}{% endfor %}{% endfor %}";

        Assert.Equal("text=one", Render(Template, """[{"role":"user","content":"one"}]"""));
    }

    [Fact]
    public void Render_PartsForTemplateOfBoth_LeavesThem()
    {
        const string Template =
            "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% else %}"
            + "{{ m.content | map(attribute='text') | join('+') }}{% endif %}{% endfor %}";

        Assert.Equal("one+two", Render(Template, TwoParts));
    }

    [Fact]
    public void Render_ImageForTemplateOfText_Refuses()
    {
        var refusal = Assert.Throws<TemplateException>(
            () => Render(PlainTemplate, """[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]"""));

        Assert.True(refusal.RaisedByTemplate);
        Assert.Contains("image_url", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ c.function.arguments | tojson }}", "{\"a\": 1}")]
    [InlineData("{{ 'args: ' + c.function.arguments }}", "args: {\"a\":1}")]
    [InlineData("{{ c.function.arguments if c.function.arguments is string else c.function.arguments | tojson }}", "{\"a\": 1}")]
    [InlineData("{% for k, v in c.function.arguments | items %}<{{ k }}>{{ v }}{% endfor %}", "<a>1")]
    public void Render_ToolArgumentsInString_ReachTheTemplateAsItReadsThem(string call, string expected)
    {
        string template =
            "{% for m in messages %}{% for c in m.tool_calls or [] %}" + call + "{% endfor %}{% endfor %}{{ messages[0].content }}";

        string prompt = Render(template, """
            [{"role":"user","content":"!"},
             {"role":"assistant","content":"","tool_calls":[{"type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}]
            """);

        Assert.Equal(expected + "!", prompt);
    }

    [Fact]
    public void Render_VariablesOfThePrompt_ReachTheTemplate()
    {
        const string Template =
            "{{ bos_token }}{{ tools is none }} {{ documents is none }} {{ enable_thinking }} {{ level }} {{ strftime_now('%Y') }}"
            + "{{ messages[0].mood }}";
        var prompt = new ChatPrompt
        {
            Messages = Messages("""[{"role":"user","content":"x","mood":"glad"}]"""),
            EnableThinking = false,
            Variables = new Dictionary<string, JsonElement> { ["level"] = Json("3") },
        };

        string text = Format(Template).Render(prompt, new StoppedClock(new DateTimeOffset(2031, 5, 6, 7, 8, 9, TimeSpan.Zero)));

        Assert.Equal("<s>True True False 3 2031glad", text);
    }

    [Theory]
    [InlineData("", "<s>[user] Hi\n[assistant] The sky is \n")]
    [InlineData(",\"add_generation_prompt\":true", "<s>[user] Hi\n[assistant] The sky is \n[assistant] ")]
    [InlineData(",\"continue_final_message\":true", "<s>[user] Hi\n[assistant] The sky is ")]
    [InlineData(",\"continue_final_message\":false,\"bos_token\":\"<b>\"", "<b>[user] Hi\n[assistant] The sky is \n")]
    [InlineData(",\"chat_template_kwargs\":{\"add_generation_prompt\":true}", "<s>[user] Hi\n[assistant] The sky is \n[assistant] ")]
    public void Render_WholeContext_TakesWhatItNames(string members, string expected)
    {
        JsonElement context = Json($$"""{"messages":{{Conversation}}{{members}}}""");

        Assert.Equal(expected, Format("{{ bos_token }}" + PlainTemplate).Render(context));
    }

    [Theory]
    [InlineData("{\"messages\":[],\"continue_final_message\":true}", "no message to continue")]
    [InlineData("{\"continue_final_message\":true}", "no message to continue")]
    [InlineData("{\"messages\":[{\"content\":\"x\"}],\"continue_final_message\":true,\"add_generation_prompt\":true}", "cannot both be true")]
    [InlineData("[]", "must be a JSON object")]
    public void Render_ContextThatCannotBe_Refuses(string context, string problem)
    {
        var refusal = Assert.Throws<TemplateException>(() => Format(PlainTemplate).Render(Json(context)));

        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
    }

    private static string Render(string template, string messages) =>
        Format(template).Render(new ChatPrompt { Messages = Messages(messages) });

    private static ChatFormat Format(string template) => new(ChatTemplate.Compile(template), [new("bos_token", "<s>")]);

    private static JsonElement[] Messages(string json) => [.. Json(json).EnumerateArray()];

    private static JsonElement Json(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
