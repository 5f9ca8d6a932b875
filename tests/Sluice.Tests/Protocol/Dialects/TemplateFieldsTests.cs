using System.Text;
using System.Text.Json;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;

namespace Sluice.Tests.Protocol.Dialects;

public sealed class TemplateFieldsTests
{
    [Theory]
    [InlineData("", true, false)]
    [InlineData(",\"add_generation_prompt\":true,\"continue_final_message\":false", true, false)]
    [InlineData(",\"add_generation_prompt\":false", false, false)]
    [InlineData(",\"continue_final_message\":true", false, true)]
    [InlineData(",\"continue_final_message\":true,\"add_generation_prompt\":false", false, true)]
    [InlineData(",\"continue_final_message\":null,\"add_generation_prompt\":null,\"chat_template_kwargs\":null", true, false)]
    public void Parse_EndingOfThePrompt_ReachesTheView(string fields, bool opens, bool continues)
    {
        CompletionRequest view = Parse(fields);

        Assert.Equal((opens, continues), (view.AddGenerationPrompt, view.ContinueFinalMessage));
        Assert.Empty(view.TemplateVariables);
    }

    [Fact]
    public void Parse_TemplateVariables_ReachTheViewAsTheyCame()
    {
        CompletionRequest view = Parse(""","chat_template_kwargs":{"enable_thinking":false,"documents":[{"title":"t"}],"level":null}""");

        Assert.Equal(["enable_thinking", "documents", "level"], view.TemplateVariables.Keys);
        Assert.Equal(JsonValueKind.False, view.TemplateVariables["enable_thinking"].ValueKind);
        Assert.Equal("""[{"title":"t"}]""", view.TemplateVariables["documents"].GetRawText());
    }

    [Theory]
    [InlineData("\"continue_final_message\":true,\"add_generation_prompt\":true", "continue_final_message", "invalid_value")]
    [InlineData("\"continue_final_message\":1", "continue_final_message", "invalid_type")]
    [InlineData("\"add_generation_prompt\":\"yes\"", "add_generation_prompt", "invalid_type")]
    [InlineData("\"chat_template_kwargs\":[]", "chat_template_kwargs", "invalid_type")]
    [InlineData("\"chat_template_kwargs\":{\"messages\":[]}", "chat_template_kwargs.messages", "invalid_value")]
    [InlineData("\"chat_template_kwargs\":{\"tools\":[]}", "chat_template_kwargs.tools", "invalid_value")]
    [InlineData("\"chat_template_kwargs\":{\"continue_final_message\":true}", "chat_template_kwargs.continue_final_message", "invalid_value")]
    [InlineData("\"chat_template\":\"x\"", "chat_template", "unknown_parameter")]
    public void Parse_WhatCannotBeMeant_IsRefusedByName(string fields, string param, string code)
    {
        InvalidRequestException refusal = Assert.Throws<InvalidRequestException>(() => Parse("," + fields));

        Assert.Equal((param, code), (refusal.Param, refusal.Code));
    }

    private static CompletionRequest Parse(string fields) =>
        new OpenAiChatDialect().Parse(Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[{"role":"user","content":"x"}]{{fields}}}"""));
}
