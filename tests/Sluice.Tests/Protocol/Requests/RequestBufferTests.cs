using System.Buffers;
using System.Text;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;

namespace Sluice.Tests.Protocol.Requests;

public sealed class RequestBufferTests
{
    [Fact]
    public void Release_WhileAReaderHoldsIt_KeepsTheBytesUntilHeIsDone()
    {
        RequestBuffer buffer = Create(out byte[] array);
        Assert.True(buffer.TryHold());
        buffer.Dispose();
        Assert.NotSame(array, RentAgain(array.Length));
        Assert.True(buffer.TryHold());
        buffer.Release();
        buffer.Release();
        Assert.False(buffer.TryHold());
        Assert.Same(array, RentAgain(array.Length));
    }

    [Fact]
    public void View_OfARequest_LeavesTheBytesToIt()
    {
        RequestBuffer buffer = Create(out byte[] array);
        var request = new Request(buffer, new OpenAiChatDialect());
        CompletionRequest view = request.View;
        buffer.Dispose();
        Assert.NotSame(array, RentAgain(array.Length));
        Assert.Equal("Hello", view.Messages![0].Content);
    }

    [Fact]
    public void View_AfterTheEnd_IsRefused()
    {
        RequestBuffer buffer = Create(out _);
        var request = new Request(buffer, new OpenAiChatDialect());
        buffer.Dispose();
        Assert.Throws<OperationCanceledException>(() => request.View);
    }

    private static RequestBuffer Create(out byte[] array)
    {
        byte[] body = Encoding.UTF8.GetBytes("""{"model":"m","messages":[{"role":"user","content":"Hello"}]}""");
        array = ArrayPool<byte>.Shared.Rent(1 << 19);
        body.CopyTo(array, 0);
        return new RequestBuffer(array, body.Length);
    }

    /// <summary>This thread's array of that size in the pool, if it has one, is the one that it gave back last.</summary>
    private static byte[] RentAgain(int length) => ArrayPool<byte>.Shared.Rent(length);
}
