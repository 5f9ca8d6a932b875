using System.Text;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;

namespace Sluice.Tests.Protocol.Dialects;

public sealed class OpenAiChatDialectTests
{
    [Fact]
    public void Parse_NothingSaid_LeavesEverythingToTheModel()
    {
        CompletionRequest view = Parse("");

        Assert.Equal("m", view.Model);
        Assert.Null(view.Prompts);
        Assert.Null(view.Tools);
        Assert.Equal((null, null, null, null), (view.MaxTokens, view.Temperature, view.TopP, view.TopK));
        Assert.Equal((null, null, null, null), (view.MinP, view.FrequencyPenalty, view.PresencePenalty, view.RepetitionPenalty));
        Assert.Equal((null, 1, 1, null), (view.Seed, view.Choices, view.TotalChoices, view.User));
        Assert.Equal((false, false, false), (view.Stream, view.IncludeUsage, view.Echo));
        Assert.Empty(view.Stop);
    }

    [Fact]
    public void Parse_EveryOption_ReachesTheView()
    {
        CompletionRequest view = Parse("""
            ,"max_completion_tokens":9,"temperature":0.5,"top_p":0.25,"top_k":40,"min_p":0.125,"frequency_penalty":-2,"presence_penalty":2,
            "repetition_penalty":1.5,"seed":-9223372036854775808,"stop":["a","b"],"n":3,"stream":true,"stream_options":{"include_usage":true},"user":"u"
            """);

        Assert.Equal((9, 0.5f, 0.25f, 40), (view.MaxTokens, view.Temperature, view.TopP, view.TopK));
        Assert.Equal((0.125f, -2f, 2f, 1.5f), (view.MinP, view.FrequencyPenalty, view.PresencePenalty, view.RepetitionPenalty));
        Assert.Equal((long.MinValue, 3, 3, "u"), (view.Seed, view.Choices, view.TotalChoices, view.User));
        Assert.Equal((true, true), (view.Stream, view.IncludeUsage));
        Assert.Equal(["a", "b"], view.Stop);
    }

    [Theory]
    [InlineData("\"max_tokens\":5", 5)]
    [InlineData("\"max_tokens\":5,\"max_completion_tokens\":5", 5)]
    [InlineData("\"max_tokens\":null,\"max_completion_tokens\":6", 6)]
    public void Parse_EitherNameOfTheTokenLimit_IsTaken(string fields, int expected) =>
        Assert.Equal(expected, Parse("," + fields).MaxTokens);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public void Parse_TopKSwitchedOff_IsZero(int value) => Assert.Equal(0, Parse($",\"top_k\":{value}").TopK);

    [Theory]
    [InlineData("", false)]
    [InlineData(",\"prompt_cache_retention\":null", false)]
    [InlineData(",\"prompt_cache_retention\":\"in_memory\"", false)]
    [InlineData(",\"prompt_cache_retention\":\"24h\"", true)]
    public void Parse_PromptCacheRetention_SaysWhetherThePromptIsKept(string field, bool kept) => Assert.Equal(kept, Parse(field).KeepPromptCached);

    [Theory]
    [InlineData("\"store\":false,\"logprobs\":false,\"logit_bias\":{},\"service_tier\":\"auto\",\"parallel_tool_calls\":true")]
    [InlineData("\"metadata\":{\"a\":\"b\"},\"safety_identifier\":\"x\",\"prompt_cache_key\":\"x\",\"response_format\":{\"type\":\"text\"},\"modalities\":[\"text\"]")]
    [InlineData("\"tool_choice\":\"auto\",\"stream_options\":{\"include_obfuscation\":false},\"stop\":[],\"tools\":[]")]
    [InlineData("\"store\":null,\"audio\":null,\"functions\":null,\"reasoning_effort\":null,\"top_logprobs\":null,\"stop\":null,\"n\":null,\"stream\":null")]
    public void Parse_OptionThatAsksForNothing_Passes(string fields) => Assert.Equal("m", Parse("," + fields).Model);

    [Theory]
    [InlineData("", null, null, null, false)]
    [InlineData(",\"reasoning_effort\":\"none\"", false, null, null, false)]
    [InlineData(",\"reasoning_effort\":\"low\",\"thinking_budget_tokens\":0", null, "low", 0, false)]
    [InlineData(",\"chat_template_kwargs\":{\"enable_thinking\":false},\"thinking_budget_tokens\":7", false, null, 7, false)]
    [InlineData(",\"chat_template_kwargs\":{\"enable_thinking\":true},\"reasoning_effort\":\"none\"", true, null, null, false)]
    [InlineData(",\"reasoning_format\":\"none\"", null, null, null, true)]
    [InlineData(",\"reasoning_format\":\"auto\"", null, null, null, false)]
    public void Parse_Thinking_IsWhatTheClientSays(string fields, bool? enabled, string? effort, int? budget, bool inText) =>
        Assert.Equal(
            new ThinkingOptions { Enabled = enabled, Effort = effort, BudgetTokens = budget, InText = inText }, Parse(fields).Thinking);

    [Theory]
    [InlineData("reasoning_effort", "\"lots\"")]
    [InlineData("reasoning_format", "\"xml\"")]
    [InlineData("thinking_budget_tokens", "-1")]
    public void Parse_ThinkingThatIsNone_NamesTheField(string name, string value) =>
        Assert.Equal(name, Assert.Throws<InvalidRequestException>(() => Parse($",\"{name}\":{value}")).Param);

    [Theory]
    [InlineData("{\"type\":\"content\",\"content\":\"as before\"}", "as before")]
    [InlineData("{\"type\":\"content\",\"content\":[{\"type\":\"text\",\"text\":\"as \"},{\"type\":\"text\",\"text\":\"before\"}]}", "as before")]
    [InlineData("null", null)]
    public void Parse_Prediction_IsItsText(string value, string? text) => Assert.Equal(text, Parse($",\"prediction\":{value}").Prediction);

    [Theory]
    [InlineData("{\"type\":\"tokens\",\"content\":\"x\"}", "prediction.type")]
    [InlineData("{\"type\":\"content\",\"content\":7}", "prediction.content")]
    [InlineData("{\"type\":\"content\",\"content\":[{\"type\":\"image_url\"}]}", "prediction.content[0].type")]
    [InlineData("\"x\"", "prediction")]
    public void Parse_PredictionOfAnotherShape_IsRefusedByName(string value, string path) =>
        Assert.Equal(path, Assert.Throws<InvalidRequestException>(() => Parse($",\"prediction\":{value}")).Param);

    [Theory]
    [InlineData("store", "true")]
    [InlineData("service_tier", "\"flex\"")]
    [InlineData("modalities", "[\"text\",\"audio\"]")]
    [InlineData("audio", "{\"voice\":\"x\",\"format\":\"wav\"}")]
    [InlineData("verbosity", "\"low\"")]
    [InlineData("prompt_cache_retention", "\"forever\"")]
    [InlineData("web_search_options", "{}")]
    [InlineData("functions", "[]")]
    [InlineData("function_call", "\"auto\"")]
    [InlineData("stream_options.include_obfuscation", "true")]
    public void Parse_OptionThatIsNotBuilt_IsRefusedByName(string path, string value)
    {
        string field = path.Split('.') is [var outer, var inner] ? $"\"{outer}\":{{\"{inner}\":{value}}}" : $"\"{path}\":{value}";

        InvalidRequestException refusal = Assert.Throws<InvalidRequestException>(() => Parse("," + field));

        Assert.Equal((path, "unsupported_value", 400), (refusal.Param, refusal.Code, refusal.Status));
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OptionNobodyKnows_IsRefusedByName()
    {
        InvalidRequestException refusal = Assert.Throws<InvalidRequestException>(() => Parse(",\"temprature\":1"));

        Assert.Equal(("temprature", "unknown_parameter"), (refusal.Param, refusal.Code));
    }

    [Fact]
    public void Parse_Messages_KeepTheirOrderAndRawForm()
    {
        CompletionRequest view = ParseMessages("""
            {"role":"developer","content":"d"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}],"name":"n"},
            {"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"1","content":"42"},{"role":"assistant","content":[{"type":"refusal","refusal":"no"}],"reasoning_content":"kept"}
            """);

        Assert.Equal(
            [("system", "d"), ("user", "a\nb"), ("assistant", null), ("tool", "42"), ("assistant", "no")],
            view.Messages!.Select(message => (message.Role, message.Content)));
        Assert.Equal("f", view.Messages![2].Raw.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("kept", view.Messages[4].Raw.GetProperty("reasoning_content").GetString());
    }

    [Theory]
    [InlineData("""{"role":"wizard","content":"x"}""", "messages[1].role")]
    [InlineData("""{"content":"x"}""", "messages[1].role")]
    [InlineData("""{"role":"user"}""", "messages[1].content")]
    [InlineData("""{"role":"assistant","content":null}""", "messages[1].content")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"a"},{"type":"input_audio"}]}""", "messages[1].content[1].type")]
    [InlineData("""{"role":"user","content":[{"type":"text"}]}""", "messages[1].content[0].text")]
    [InlineData("""{"role":"tool","content":"x"}""", "messages[1].tool_call_id")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"1","type":"custom"}]}""", "messages[1].tool_calls[0].type")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f"}}]}""", "messages[1].tool_calls[0].function.arguments")]
    [InlineData("""{"role":"user","content":"x","name":1}""", "messages[1].name")]
    public void Parse_BrokenMessage_NamesThePathOfTheFault(string message, string param)
    {
        string messages = """{"role":"user","content":"x"},""" + message;

        var refusal = Assert.Throws<InvalidRequestException>(() => ParseMessages(messages));

        Assert.Equal(param, refusal.Param);
    }

    [Theory]
    [InlineData("", ToolChoiceMode.Auto, null, true)]
    [InlineData(",\"tool_choice\":\"auto\"", ToolChoiceMode.Auto, null, true)]
    [InlineData(",\"tool_choice\":\"none\",\"parallel_tool_calls\":true", ToolChoiceMode.None, null, true)]
    [InlineData(",\"tool_choice\":\"required\",\"parallel_tool_calls\":false", ToolChoiceMode.Required, null, false)]
    [InlineData(",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}", ToolChoiceMode.Required, "f", true)]
    public void Parse_ToolChoice_IsTheClients(string choice, ToolChoiceMode mode, string? name, bool parallel)
    {
        CompletionRequest view = Parse(
            ""","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]""" + choice);

        Assert.NotNull(view.Tools);
        Assert.Equal((new ToolChoice(mode, name), parallel), (view.ToolChoice, view.ParallelToolCalls));
    }

    [Theory]
    [InlineData("\"required\"", "tool_choice")]
    [InlineData("\"any\"", "tool_choice")]
    [InlineData("{\"type\":\"custom\"}", "tool_choice.type")]
    [InlineData("{\"type\":\"function\"}", "tool_choice.function")]
    [InlineData("{\"type\":\"function\",\"function\":{\"name\":\"f\"}}", "tool_choice.function.name")]
    public void Parse_ToolChoiceThatNoToolMeets_NamesThePathOfTheFault(string choice, string param) =>
        Assert.Equal(param, Assert.Throws<InvalidRequestException>(() => Parse($",\"tool_choice\":{choice}")).Param);

    [Theory]
    [InlineData("""[{"type":"custom","custom":{"name":"f"}}]""", "tools[0].type")]
    [InlineData("""[{"type":"function"}]""", "tools[0].function")]
    [InlineData("""[{"type":"function","function":{}}]""", "tools[0].function.name")]
    [InlineData("""[{"type":"function","function":{"name":"f","parameters":[]}}]""", "tools[0].function.parameters")]
    [InlineData("""[{"type":"function","function":{"name":"f","strict":true}}]""", "tools[0].function.strict")]
    public void Parse_BrokenTool_NamesThePathOfTheFault(string tools, string param) =>
        Assert.Equal(param, Assert.Throws<InvalidRequestException>(() => Parse($",\"tools\":{tools}")).Param);

    [Theory]
    [InlineData("\"required\"")]
    [InlineData("\"none\"")]
    [InlineData("{\"type\":\"function\",\"function\":{\"name\":\"f\"}}")]
    public void Parse_StrictToolThatIsNotLeftToTheModel_IsTaken(string choice)
    {
        const string tools = """[{"type":"function","function":{"name":"e"}},{"type":"function","function":{"name":"f","strict":true}}]""";
        Assert.True(Parse($",\"tools\":{tools},\"tool_choice\":{choice}").StrictTools);
    }

    private static CompletionRequest Parse(string fields) =>
        ParseBody($$"""{"model":"m","messages":[{"role":"user","content":"x"}]{{fields}}}""");

    private static CompletionRequest ParseMessages(string messages) => ParseBody($$"""{"model":"m","messages":[{{messages}}]}""");

    private static CompletionRequest ParseBody(string body) => new OpenAiChatDialect().Parse(Encoding.UTF8.GetBytes(body));
}
