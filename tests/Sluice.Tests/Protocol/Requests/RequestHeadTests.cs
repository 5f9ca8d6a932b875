using System.Text;
using Sluice.Protocol.Requests;

namespace Sluice.Tests.Protocol.Requests;

public sealed class RequestHeadTests
{
    [Fact]
    public void Parse_UnknownAndUnsupportedOptions_LeavesThemToTheSource()
    {
        var head = Parse("""{"messages":[{"role":"wizard"}],"no_such_option":[{"model":"inner"}],"model":"chat","audio":{},"stream":true}""");

        Assert.Equal("chat", head.Model);
        Assert.True(head.Stream);
        Assert.False(head.IncludeUsage);
    }

    [Fact]
    public void ModelAt_EscapedNames_CoversTheQuotedValue()
    {
        const string body = """{ "mod\u0065l" : "a\u0062c" , "x":1}""";

        var head = Parse(body);

        Assert.Equal("abc", head.Model);
        Assert.Equal("\"a\\u0062c\"", body[head.ModelAt]);
    }

    [Theory]
    [InlineData("""{"model":"m"}""", """{"stream_options":{"include_usage":true},"model":"m"}""", false)]
    [InlineData("""{"model":"m","stream_options":null}""", """{"model":"m","stream_options":{"include_usage":true}}""", false)]
    [InlineData("""{"model":"m","stream_options":{ }}""", """{"model":"m","stream_options":{"include_usage":true }}""", false)]
    [InlineData(
        """{"model":"m","stream_options":{"other":{"include_usage":1}}}""",
        """{"model":"m","stream_options":{"include_usage":true,"other":{"include_usage":1}}}""", false)]
    [InlineData(
        """{"stream_options":{"a":1,"include_usage":false},"model":"m"}""", """{"stream_options":{"a":1,"include_usage":true},"model":"m"}""", false)]
    [InlineData(
        """{"stream_options":{"include_usage":true},"model":"m"}""", """{"stream_options":{"include_usage":true},"model":"m"}""", true)]
    public void AskUsage_AnyForm_MakesTheStreamTellItsUsage(string body, string asking, bool asked)
    {
        var head = Parse(body);

        Assert.Equal(asked, head.IncludeUsage);
        var splice = head.AskUsage;
        string text = Encoding.UTF8.GetString(splice.Text.Span);
        Assert.Equal(asking, string.Concat(body.AsSpan(0, splice.Start), text, body.AsSpan(splice.Start + splice.Length)));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("[]", null)]
    [InlineData("{\"model\":\"m\"", null)]
    [InlineData("{\"model\":\"m\"} {}", null)]
    [InlineData("{\"model\":\"m\",\"model\":\"n\"}", "model")]
    [InlineData("{\"model\":\"m\",\"stream\":true,\"stream\":false}", "stream")]
    [InlineData("{\"model\":\"m\",\"stream_options\":{\"include_usage\":true,\"include_usage\":false}}", "stream_options.include_usage")]
    [InlineData("{\"model\":\"\\ud800\"}", null)]
    [InlineData("{\"model\":\"m\",\"\\ud800\":1}", null)]
    [InlineData("{\"model\":\"m\",\"MODEL\":\"n\"}", "model")]
    [InlineData("{\"Stream\":true,\"model\":\"m\"}", "stream")]
    [InlineData("{\"model\":\"m\",\"\u017fTREAM\":true}", "stream")]
    [InlineData("{\"model\":\"m\",\"max_to\\u212aens\":7}", "max_tokens")]
    [InlineData("{\"model\":\"m\",\"stream_options\":{\"Include_Usage\":false}}", "include_usage")]
    [InlineData("{\"model\":7}", "model")]
    [InlineData("{\"model\":\"\"}", "model")]
    [InlineData("{\"model\":null}", "model")]
    [InlineData("{\"messages\":[]}", "model")]
    [InlineData("{\"model\":\"m\",\"stream\":\"yes\"}", "stream")]
    [InlineData("{\"model\":\"m\",\"stream_options\":7}", "stream_options")]
    public void Parse_BrokenHead_IsTheClientsMistake(string body, string? param)
    {
        var mistake = Assert.Throws<InvalidRequestException>(() => Parse(body));

        Assert.Equal(400, mistake.Status);
        Assert.Equal(param, mistake.Param);
    }

    [Fact]
    public void Parse_InvalidUtf8OrTooDeep_IsTheClientsMistake()
    {
        byte[] broken = [.. "{\"model\":\"m\",\"x\":\""u8, 0xff, .. "\"}"u8];
        Assert.Throws<InvalidRequestException>(() => RequestHead.Parse(broken));
        Assert.Throws<InvalidRequestException>(() => Parse($"{{\"model\":\"m\",\"x\":{new string('[', 100)}{new string(']', 100)}}}"));
    }

    private static RequestHead Parse(string body) => RequestHead.Parse(Encoding.UTF8.GetBytes(body));
}
