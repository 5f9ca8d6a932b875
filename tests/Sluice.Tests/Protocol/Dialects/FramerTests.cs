using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Tests.Protocol.Dialects;

/// <summary>Frames byte for byte, as the published transcripts of the API have them.</summary>
public sealed class FramerTests
{
    private static readonly AnswerInfo Answer = new("1", "m", DateTimeOffset.FromUnixTimeSeconds(5));

    private static readonly CompletionEvent[] Events =
    [
        new(0, "Hé \"quoted\"\n"), new(0, "🦊"), new(0, "", "length", new Usage(3, 2, 1)),
    ];

    private static readonly CompletionEvent[] Calls =
    [
        new(0, "ok") { Reasoning = "hm", ToolCalls = [new(0, "c1", "f", ""), new(0, null, null, "{\"a\":")] },
        new(0, "", "tool_calls") { ToolCalls = [new(0, null, null, "1}")] },
    ];

    [Fact]
    public void WriteEvent_Chat_IsTheContractsBytes()
    {
        IFramer framer = new OpenAiChatDialect().CreateFramer(Request(usage: false), Answer);

        const string head =
            """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":""";
        Assert.Equal(
            head + """{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}""" + "\n\n" +
            head + """{"content":"Hé \"quoted\"\n"},"logprobs":null,"finish_reason":null}]}""" + "\n\n" +
            head + """{"content":"\uD83E\uDD8A"},"logprobs":null,"finish_reason":null}]}""" + "\n\n" +
            head + """{},"logprobs":null,"finish_reason":"length"}]}""" + "\n\n" +
            "data: [DONE]\n\n",
            Stream(framer));
    }

    [Fact]
    public void WriteEvent_ChatWithUsage_SaysNullUntilTheEnd()
    {
        string[] frames = Stream(new OpenAiChatDialect().CreateFramer(Request(usage: true), Answer)).Split("\n\n");

        Assert.All(frames[..4], frame => Assert.EndsWith("}],\"usage\":null}", frame, StringComparison.Ordinal));
        Assert.EndsWith(
            """ "choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"prompt_tokens_details":{"cached_tokens":1}}}""".Trim(),
            frames[4],
            StringComparison.Ordinal);
        Assert.Equal("data: [DONE]", frames[5]);
    }

    [Fact]
    public void WriteFolded_TokensProposedAhead_CountsThemInTheUsage()
    {
        IFramer framer = new OpenAiChatDialect().CreateFramer(Request(usage: false), Answer);
        framer.Fold(new(0, "a", "stop", new Usage(3, 9, 1) { AcceptedPredictionTokens = 5, RejectedPredictionTokens = 2 }));
        var body = new ArrayBufferWriter<byte>();
        framer.WriteFolded(body);

        JsonElement details = JsonElement.Parse(body.WrittenSpan).GetProperty("usage").GetProperty("completion_tokens_details");
        Assert.Equal(5, details.GetProperty("accepted_prediction_tokens").GetInt32());
        Assert.Equal(2, details.GetProperty("rejected_prediction_tokens").GetInt32());
    }

    [Fact]
    public void WriteEvent_ThoughtsAndCalls_AreDeltasOfTheirOwn()
    {
        IFramer framer = new OpenAiChatDialect().CreateFramer(Request(usage: false), Answer);

        const string head =
            """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":""";
        Assert.Equal(
            head + """{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}""" + "\n\n" +
            head + """{"reasoning_content":"hm"},"logprobs":null,"finish_reason":null}]}""" + "\n\n" +
            head + """{"content":"ok"},"logprobs":null,"finish_reason":null}]}""" + "\n\n" +
            head + """{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}},""" +
            """{"index":0,"function":{"arguments":"{\"a\":"}}]},"logprobs":null,"finish_reason":null}]}""" + "\n\n" +
            head + """{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]},"logprobs":null,"finish_reason":null}]}""" + "\n\n" +
            head + """{},"logprobs":null,"finish_reason":"tool_calls"}]}""" + "\n\n",
            Write(output => Array.ForEach(Calls, e => framer.WriteEvent(e, output))));
    }

    [Fact]
    public void WriteFolded_ThoughtsAndCalls_ArePartsOfTheMessage()
    {
        IFramer framer = new OpenAiChatDialect().CreateFramer(Request(usage: false), Answer);
        Array.ForEach(Calls, e => framer.Fold(e));

        Assert.Contains(
            """{"role":"assistant","content":"ok","reasoning_content":"hm","tool_calls":""" +
            """[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}],"refusal":null}""",
            Write(framer.WriteFolded),
            StringComparison.Ordinal);
    }

    [Fact]
    public void WriteFolded_CallsAlone_HaveNoContent()
    {
        IFramer framer = new OpenAiChatDialect().CreateFramer(Request(usage: false), Answer);
        framer.Fold(new CompletionEvent(0, "", "tool_calls") { ToolCalls = [new ToolCallDelta(0, "c1", "f", "{}")] });

        Assert.Contains("\"content\":null,\"tool_calls\":[", Write(framer.WriteFolded), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteEvent_Completion_IsTheContractsBytes()
    {
        IFramer framer = new OpenAiCompletionsDialect().CreateFramer(Request(usage: false), Answer);

        const string head = """data: {"id":"cmpl-1","object":"text_completion","created":5,"model":"m","choices":[{"index":0,"text":""";
        Assert.Equal(
            head + """ "Hé \"quoted\"\n","logprobs":null,"finish_reason":null}]}""".TrimStart() + "\n\n" +
            head + """ "\uD83E\uDD8A","logprobs":null,"finish_reason":null}]}""".TrimStart() + "\n\n" +
            head + """ "","logprobs":null,"finish_reason":"length"}]}""".TrimStart() + "\n\n" +
            "data: [DONE]\n\n",
            Stream(framer));
    }

    [Fact]
    public void WriteEvent_Logprobs_TakeTheFormOfTheEndpoint()
    {
        TokenLogprob part = new(
            "�", new byte[] { 0xC3 }, -0.5f, [new("a", "a"u8.ToArray(), -0.25f, []), new("a", "a"u8.ToArray(), -9, [])]);
        TokenLogprob whole = new("é", "é"u8.ToArray(), float.NegativeInfinity, []);
        var e = new CompletionEvent(0, "é", Logprobs: [part, whole]);

        Assert.Contains(
            """ "logprobs":{"content":[{"token":"�","logprob":-0.5,"bytes":[195],"top_logprobs":[{"token":"a","logprob":-0.25,"bytes":[97]},""".TrimStart() +
            """{"token":"a","logprob":-9,"bytes":[97]}]},{"token":"é","logprob":-9999,"bytes":[195,169],"top_logprobs":[]}],"refusal":null},""",
            Frame(new OpenAiChatDialect().CreateFramer(Request(usage: false), Answer), e), StringComparison.Ordinal);
        Assert.Contains(
            """ "logprobs":{"tokens":["bytes:\\xc3","é"],"token_logprobs":[-0.5,-9999],""".TrimStart() +
            """ "top_logprobs":[{"a":-0.25,"bytes:\\xc3":-0.5},{"é":-9999}],"text_offset":[0,1]}""".TrimStart(),
            Frame(new OpenAiCompletionsDialect().CreateFramer(Request(usage: false), Answer), e), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteFolded_Chat_JoinsTheText()
    {
        IFramer framer = new OpenAiChatDialect().CreateFramer(Request(usage: false), Answer);
        foreach (CompletionEvent e in Events)
            framer.Fold(e);

        Assert.Equal(
            """{"id":"chatcmpl-1","object":"chat.completion","created":5,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hé \"quoted\"\n\uD83E\uDD8A","refusal":null},"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"prompt_tokens_details":{"cached_tokens":1}}}""",
            Write(framer.WriteFolded));
    }

    [Fact]
    public void WriteEvent_TextThatIsNoUnicode_StaysJson()
    {
        IFramer framer = new OpenAiCompletionsDialect().CreateFramer(Request(usage: false), Answer);

        string frame = Write(output => framer.WriteEvent(new CompletionEvent(0, "a\ud800b\0"), output));

        Assert.Equal("a\ufffdb\0", JsonElement.Parse(frame["data: ".Length..]).GetProperty("choices")[0].GetProperty("text").GetString());
    }

    [Fact]
    public void WriteStreamError_AnyDialect_IsOneEventWithTheErrorObject()
    {
        IFramer framer = new OpenAiChatDialect().CreateFramer(Request(usage: true), Answer);

        Assert.Equal(
            """data: {"error":{"message":"Gone.","type":"server_error","param":null,"code":"x"}}""" + "\n\n",
            Write(output => framer.WriteStreamError(new ApiError(500, ApiError.ServerError, "Gone.", Code: "x"), output)));
    }

    [Fact]
    public void WriteEvent_Warm_AllocatesNothing()
    {
        IFramer framer = new OpenAiChatDialect().CreateFramer(Request(usage: true), Answer);
        var output = new ArrayBufferWriter<byte>(1 << 20);
        var e = new CompletionEvent(0, " word");
        for (int i = 0; i < 100; i++)
            framer.WriteEvent(e, output);
        output.ResetWrittenCount();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            framer.WriteEvent(e, output);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static CompletionRequest Request(bool usage) => new() { Model = "m", Stream = true, IncludeUsage = usage };

    private static string Frame(IFramer framer, CompletionEvent e) => Write(output => framer.WriteEvent(e, output));

    private static string Stream(IFramer framer) => Write(output =>
    {
        foreach (CompletionEvent e in Events)
            framer.WriteEvent(e, output);
        framer.WriteEnd(output);
    });

    private static string Write(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
