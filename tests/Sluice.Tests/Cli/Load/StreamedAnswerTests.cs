using System.Text;
using Sluice.Cli.Load;

namespace Sluice.Tests.Cli.Load;

public sealed class StreamedAnswerTests
{
    private const string Chat = """
        : a comment
        event: message
        data: {"choices":[{"delta":{"role":"assistant","content":""}}]}

        data: {"choices":[{"delta":{"content":"Hel"}}]}

        data:{"choices":[{"delta":{"reasoning_content":"hm"}}],"usage":null}

        data: {"choices":[{"delta":{},"finish_reason":"stop"}]}

        data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":3}}}

        data: [DONE]


        """;

    [Theory]
    [InlineData(1, "\n")]
    [InlineData(7, "\r\n")]
    [InlineData(100_000, "\n")]
    public async Task Read_AChatHoweverItIsCut_NotesTextUsageAndEnd(int chunk, string lineEnd)
    {
        var answer = await ReadAsync(Chat.ReplaceLineEndings(lineEnd), chunk);
        Assert.Null(answer.Failure);
        Assert.Equal(2, answer.Pieces.Count);
        Assert.Equal(new TokenUsage(7, 5, 3), answer.Usage);
    }

    [Fact]
    public async Task Read_ACompletion_NotesItsText()
    {
        var answer = await ReadAsync("""
            data: {"choices":[{"text":"a","finish_reason":null}]}

            data: {"choices":[{"text":"","finish_reason":"length"}]}

            """, 1000);
        Assert.Null(answer.Failure); // some servers send no [DONE]; the reason is what counts
        Assert.Single(answer.Pieces);
        Assert.Null(answer.Usage);
    }

    [Theory]
    [InlineData("data: {\"choices\":[{\"text\":\"a\"}]}\n\n", "cut off")]
    [InlineData("", "cut off")]
    [InlineData("data: {\"error\":{\"message\":\"it broke\"}}\n\n", "error in stream")]
    [InlineData("data: {\"error\":\"it broke\"}\n\n", "error in stream")]
    [InlineData("data: {\"choices\":[{\n\n", "no stream")]
    [InlineData("data: [1,\"x\",null]\n\n", "cut off")]
    [InlineData("data: {\"choices\":[3,{\"delta\":7,\"text\":{}}],\"usage\":[]}\n\n", "cut off")]
    public async Task Read_NoWholeAnswer_SaysHow(string stream, string kind) =>
        Assert.Equal(kind, (await ReadAsync(stream, 5)).Failure?.Kind);

    [Fact]
    public async Task Read_ALineWithoutEnd_IsGivenUp()
    {
        var answer = await ReadAsync("data: " + new string('x', 3 << 20), 1 << 16);
        Assert.Equal("no stream", answer.Failure?.Kind);
    }

    private static async Task<StreamedAnswer> ReadAsync(string text, int chunk)
    {
        var answer = new StreamedAnswer(new LoadClock());
        await answer.ReadAsync(new ChoppedStream(Encoding.UTF8.GetBytes(text), chunk), TestContext.Current.CancellationToken);
        return answer;
    }

    /// <summary>Gives at most so many bytes at a time, as a network may.</summary>
    private sealed class ChoppedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }
}
