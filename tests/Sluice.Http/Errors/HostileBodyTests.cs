using System.Text;
using Sluice.Http.Fakes;

namespace Sluice.Http.Errors;

/// <summary>No body may do more harm than an error of one line.</summary>
public sealed class HostileBodyTests
{
    private const string Chat = "/v1/chat/completions";

    public static TheoryData<string> NotJson() =>
    [
        "", "null", "[]", "1", "\"x\"", "{", "{}", "{\"model\":}", "nul", "\0", "{\"model\":\"fake\"}}", "{\"model\":\"fake\",}",
        "// no", "{'model':1}", "\ufeff{}", new string('[', 100_000), new string('{', 100_000),
        "{\"a\":" + new string('1', 100_000) + "}", "{\"" + new string('k', 100_000) + "\":1}",
    ];

    [Theory]
    [MemberData(nameof(NotJson))]
    public Task Chat_NoRequestAtAll_Gets400(string body) => AssertRefusedAsync(body);

    [Theory]
    [InlineData("\"temperature\":NaN")]
    [InlineData("\"temperature\":Infinity")]
    [InlineData("\"temperature\":1e999")]
    [InlineData("\"temperature\":-1e999")]
    [InlineData("\"max_tokens\":1e400")]
    [InlineData("\"max_tokens\":1.5")]
    [InlineData("\"max_tokens\":99999999999999999999")]
    [InlineData("\"max_tokens\":1,\"max_completion_tokens\":2")]
    [InlineData("\"seed\":99999999999999999999")]
    [InlineData("\"seed\":true")]
    [InlineData("\"n\":129")]
    [InlineData("\"stream\":1")]
    [InlineData("\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]")]
    [InlineData("\"stop\":\"\"")]
    [InlineData("\"stop\":[1]")]
    [InlineData("\"stop\":{}")]
    [InlineData("\"stream_options\":true")]
    [InlineData("\"tools\":{}")]
    [InlineData("\"tools\":[[]]")]
    [InlineData("\"tools\":[{\"type\":\"function\"}]")]
    [InlineData("\"tool_choice\":[]")]
    [InlineData("\"tool_choice\":7")]
    [InlineData("\"model\":\"twice\"")]
    [InlineData("\"\\u0000\":1")]
    [InlineData("\"\\ud800\":1")]
    [InlineData("\"user\":[]")]
    public Task Chat_BrokenOption_Gets400(string field) =>
        AssertRefusedAsync($$"""{"model":"fake","messages":[{"role":"user","content":"hi"}],{{field}}}""");

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"role\":null}")]
    [InlineData("{\"role\":\"user\"}")]
    [InlineData("{\"role\":\"function\",\"name\":\"f\",\"content\":\"x\"}")]
    [InlineData("{\"role\":\"user\",\"content\":null}")]
    [InlineData("{\"role\":\"user\",\"content\":{}}")]
    [InlineData("{\"role\":\"user\",\"content\":[]}")]
    [InlineData("{\"role\":\"user\",\"content\":[{}]}")]
    [InlineData("{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"http://x\"}}]}")]
    [InlineData("{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":1}]}")]
    [InlineData("{\"role\":\"tool\",\"content\":\"x\"}")]
    [InlineData("{\"role\":\"assistant\",\"tool_calls\":[{}]}")]
    [InlineData("{\"role\":\"assistant\",\"tool_calls\":[]}")]
    [InlineData("{\"role\":\"assistant\",\"content\":\"x\",\"function_call\":{}}")]
    [InlineData("{\"role\":\"user\",\"content\":\"\\ud800\"}")]
    [InlineData("{\"role\":\"user\",\"content\":\"\\uDFFF\\uD800\"}")]
    [InlineData("{\"role\":\"user\",\"content\":\"x\",\"extra\":{\"\\udc00\":1}}")]
    [InlineData("{\"role\":\"user\",\"content\":\"x\",\"content\":\"y\"}")]
    public Task Chat_BrokenMessage_Gets400(string message) => AssertRefusedAsync($$"""{"model":"fake","messages":[{{message}}]}""");

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[1,\"a\"]")]
    [InlineData("[\"a\",1]")]
    [InlineData("[[]]")]
    [InlineData("[[1],\"a\",{}]")]
    [InlineData("[-1]")]
    [InlineData("[1e99]")]
    [InlineData("[[1.5]]")]
    public async Task Completion_BrokenPrompt_Gets400ThatNamesIt(string prompt)
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        using HttpResponseMessage response = await server.PostAsync("/v1/completions", $$"""{"model":"fake","prompt":{{prompt}}}""");

        ErrorBody error = await ErrorBody.ReadAsync(response);
        Assert.Equal(400, error.Status);
        Assert.StartsWith("prompt", error.Param, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_MoreChoicesThanAnyoneNeeds_Gets400()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());
        string prompts = string.Join(',', Enumerable.Repeat("\"a\"", 100));

        string body = $$"""{"model":"fake","n":100,"prompt":[{{prompts}}]}""";

        using HttpResponseMessage response = await server.PostAsync("/v1/completions", body);

        Assert.Equal("n", (await ErrorBody.ReadAsync(response)).Param);
    }

    [Fact]
    public async Task Chat_BytesThatAreNotUtf8_Gets400()
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());
        byte[] body = Encoding.UTF8.GetBytes("""{"model":"fake","messages":[{"role":"user","content":"?"}]}""");
        body[Array.IndexOf(body, (byte)'?')] = 0xff;

        using HttpResponseMessage response = await server.PostAsync(Chat, body);

        Assert.Contains("UTF-8", (await ErrorBody.ReadAsync(response)).Message, StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(string body)
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());

        using HttpResponseMessage response = await server.PostAsync(Chat, body);

        ErrorBody error = await ErrorBody.ReadAsync(response);
        Assert.Equal((400, "invalid_request_error"), (error.Status, error.Type));
        Assert.Empty(server.Log.Lines);
    }
}
