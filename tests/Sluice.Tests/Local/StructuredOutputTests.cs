using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sluice.Core;
using Sluice.Engine;
using Sluice.Local;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Tests.Models.Grammars;

namespace Sluice.Tests.Local;

/// <summary>Answers held to a form, from the request's body to the text, drawn so hot that nothing but the form keeps them in order.</summary>
public sealed class StructuredOutputTests : IDisposable
{
    private const string Person =
        """
        {"type":"object","properties":{"name":{"type":"string","maxLength":8},"age":{"type":"integer","minimum":0,"maximum":120},
        "role":{"enum":["admin","user"]}},"required":["name","age","role"],"additionalProperties":false}
        """;

    private readonly LocalModel _model = LocalModel.Open(ModelLocator.Demo, new LocalModelOptions
    {
        Engine = new EngineOptions { ContextTokens = 512, MaxSequences = 4, BlockTokens = 8, KvType = DType.F32 },
    });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_Schema_IsValidJsonWhateverIsDrawn(bool logprobs) // with them nothing is forced
    {
        for (int seed = 1; seed <= 6; seed++)
        {
            string format = $"\"type\":\"json_schema\",\"json_schema\":{{\"name\":\"p\",\"strict\":true,\"schema\":{Person}}}";
            string drawn = $"\"temperature\":2,\"seed\":{seed},\"max_tokens\":400,\"logprobs\":{(logprobs ? "true" : "false")}";
            var (text, finish) = await ChatAsync($"\"response_format\":{{{format}}},{drawn}");
            Assert.Equal("stop", finish);
            Assert.True(NaiveValidator.IsValid(Person, text), text);
        }
    }

    [Fact]
    public async Task Answer_RegexChoicesGrammarAndObject_AreOfThatForm()
    {
        var (date, _) = await ChatAsync("\"regex\":\"\\\\d{4}-\\\\d{2}-\\\\d{2}\",\"temperature\":2,\"seed\":3");
        Assert.Matches("^\\d{4}-\\d{2}-\\d{2}$", date);
        var (choice, finish) = await ChatAsync("\"choices\":[\"bug\",\"billing\",\"other\"],\"temperature\":2,\"seed\":3");
        Assert.Contains(choice, new[] { "bug", "billing", "other" });
        Assert.Equal("stop", finish);
        var (sum, _) = await ChatAsync("\"grammar\":\"root ::= n (\\\"+\\\" n){2}\\nn ::= [0-9]\",\"temperature\":2,\"seed\":3");
        Assert.Matches("^[0-9]\\+[0-9]\\+[0-9]$", sum);
        var (json, _) = await ChatAsync("\"response_format\":{\"type\":\"json_object\"},\"temperature\":0,\"max_tokens\":200");
        Assert.StartsWith("{", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"json_schema\":{\"type\":\"object\",\"frobnicate\":1}", "json_schema", "frobnicate")]
    [InlineData("\"regex\":\"(\"", "regex", "unclosed group")]
    [InlineData("\"grammar\":\"a ::= b\"", "grammar", "root")]
    [InlineData("\"guided_json\":{\"$ref\":\"#/x\"}", "guided_json", "leads nowhere")]
    public async Task Answer_FormThatDoesNotCompile_IsRefusedByNameBeforeItIsQueued(string field, string param, string says)
    {
        var refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => ChatAsync(field));
        Assert.Equal((param, 400), (refusal.Param, refusal.Status));
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChatClient_JsonSchemaFormat_GivesThatType()
    {
        using var chat = _model.AsChatClient();
        var options = new ChatOptions
        {
            Temperature = 2, Seed = 5, MaxOutputTokens = 400, ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse(Person)),
        };
        var response = await chat.GetResponseAsync("Who?", options, Cancellation);
        Assert.True(NaiveValidator.IsValid(Person, response.Text), response.Text);
    }

    private async Task<(string Text, string? Finish)> ChatAsync(string fields)
    {
        string body = $"{{\"model\":\"demo\",\"messages\":[{{\"role\":\"user\",\"content\":\"Who?\"}}],{fields}}}";
        var source = new LocalSource(_model, TimeProvider.System, new Random(1));
        var request = new Request(Encoding.UTF8.GetBytes(body), new OpenAiChatDialect());
        using var prepared = await source.PrepareAsync(request, new RequestContext("r"), Cancellation);
        var text = new StringBuilder();
        string? finish = null;
        await foreach (var e in source.CompleteAsync(prepared, Cancellation))
        {
            text.Append(e.Text);
            finish = e.FinishReason ?? finish;
        }
        return (text.ToString(), finish);
    }
}
