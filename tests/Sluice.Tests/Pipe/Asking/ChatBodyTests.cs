using System.Text;
using System.Text.Json;
using Sluice.Pipe.Asking;

namespace Sluice.Tests.Pipe.Asking;

public sealed class ChatBodyTests
{
    private static readonly AskSettings Settings = new() { Model = "m" };

    /// <summary>A long text is written in pieces; a character of two halves may lie across any of their borders.</summary>
    [Theory]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(2047)]
    [InlineData(70_000)]
    public void Write_ALongText_IsTheTextThatWasGiven(int before)
    {
        string text = new string('x', before) + "🙂 \"quoted\" \\ \n" + string.Concat(Enumerable.Repeat("ü🙂", 3000));
        JsonElement messages = JsonElement.Parse(ChatBody.Write(Settings, null, "System.", text).Span).GetProperty("messages");
        Assert.Equal("System.", messages[0].GetProperty("content").GetString());
        Assert.Equal(text, messages[1].GetProperty("content").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    public void Write_AShortText_IsOneMessage(string text) => Assert.Equal(
        $$"""{"model":"m","messages":[{"role":"user","content":"{{text}}"}],"temperature":0}""",
        Encoding.UTF8.GetString(ChatBody.Write(Settings, null, null, text).Span));

    [Fact]
    public void AsStream_AQuestion_IsTheSameButForHowItsAnswerComes()
    {
        ReadOnlyMemory<byte> body = ChatBody.Write(Settings, null, null, "x");
        Assert.Equal("{\"stream\":true," + Encoding.UTF8.GetString(body.Span)[1..], Encoding.UTF8.GetString(ChatBody.AsStream(body).Span));
    }
}
