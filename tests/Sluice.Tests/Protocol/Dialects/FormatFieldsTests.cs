using System.Text;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;

namespace Sluice.Tests.Protocol.Dialects;

public sealed class FormatFieldsTests
{
    public static TheoryData<string, AnswerFormat?> Formats => new()
    {
        { "\"response_format\":{\"type\":\"text\"}", null },
        { "\"response_format\":null", null },
        { "\"response_format\":{\"type\":\"json_object\"}", new AnswerFormat.JsonObject() },
        {
            "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"strict\":true,\"schema\":{\"a\":1}}}",
            new AnswerFormat.JsonSchema("{\"a\":1}", "response_format.json_schema.schema")
        },
        { "\"json_schema\":\"{}\"", new AnswerFormat.JsonSchema("{}", "json_schema") },
        { "\"guided_json\":true", new AnswerFormat.JsonSchema("true", "guided_json") },
        { "\"regex\":\"a\"", new AnswerFormat.Regex("a", "regex") },
        { "\"guided_regex\":\"a\"", new AnswerFormat.Regex("a", "guided_regex") },
        { "\"grammar\":\"g\"", new AnswerFormat.Grammar("g", "grammar") },
        { "\"guided_grammar\":\"g\"", new AnswerFormat.Grammar("g", "guided_grammar") },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Parse_Format_IsWhatTheFieldSays(string field, AnswerFormat? format)
    {
        Assert.Equal(format, Chat(field).Format);
        Assert.Equal(format, Completions(field).Format);
    }

    [Theory]
    [InlineData("choices")]
    [InlineData("guided_choice")]
    public void Parse_Choices_AreItsTexts(string name)
    {
        var choices = Assert.IsType<AnswerFormat.Choices>(Chat($"\"{name}\":[\"a\",\"b\"]").Format);
        Assert.Equal(["a", "b"], choices.Texts);
    }

    [Theory]
    [InlineData("\"response_format\":{\"type\":\"xml\"}", "response_format.type", "invalid_value")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\"}", "response_format.json_schema", "missing_required_parameter")]
    [InlineData(
        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{}}", "response_format.json_schema.schema",
        "missing_required_parameter")]
    [InlineData("\"response_format\":7", "response_format", "invalid_type")]
    [InlineData("\"json_schema\":7", "json_schema", "invalid_type")]
    [InlineData("\"regex\":7", "regex", "invalid_type")]
    [InlineData("\"choices\":[]", "choices", "empty_array")]
    [InlineData("\"choices\":[1]", "choices[0]", "invalid_type")]
    [InlineData("\"regex\":\"a\",\"grammar\":\"b\"", "grammar", "invalid_value")]
    public void Parse_FormatOfAnotherShape_IsRefusedByName(string field, string path, string code)
    {
        var refusal = Assert.Throws<InvalidRequestException>(() => Chat(field));
        Assert.Equal((path, code), (refusal.Param, refusal.Code));
    }

    private static CompletionRequest Chat(string field) => new OpenAiChatDialect().Parse(Encoding.UTF8.GetBytes(
        $"{{\"model\":\"m\",\"messages\":[{{\"role\":\"user\",\"content\":\"x\"}}],{field}}}"));

    private static CompletionRequest Completions(string field) =>
        new OpenAiCompletionsDialect().Parse(Encoding.UTF8.GetBytes($"{{\"model\":\"m\",\"prompt\":\"x\",{field}}}"));
}
