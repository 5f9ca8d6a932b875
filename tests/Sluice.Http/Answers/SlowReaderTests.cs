using System.Runtime.CompilerServices;
using Sluice.Http.Fakes;
using Sluice.Protocol.Sources;

namespace Sluice.Http.Answers;

public sealed class SlowReaderTests
{
    private const int PieceChars = 8 * 1024;
    private const int Pieces = 4096;

    [Fact]
    public async Task Stream_ReaderStops_SourceIsHeldUpAndNothingIsLost()
    {
        int made = 0;
        var source = new ScriptedSource { Script = (_, cancellation) => Flood(() => Interlocked.Increment(ref made), cancellation) };
        await using TestServer server = await TestServer.StartAsync(source);
        using RawConnection client = await RawConnection.OpenAsync(server.Url, receiveBufferBytes: 4096);
        await client.PostAsync("/v1/completions", """{"model":"fake","prompt":"hi","stream":true}""");

        int held = await SettleAsync(() => Volatile.Read(ref made));

        // 32 MB were asked for; what has been made is what buffers on the way hold, a fraction of it.
        Assert.InRange(held, 1, Pieces / 2);
        Assert.True(await client.ReadToAsync("data: [DONE]\n\n"));
        Assert.Equal(Pieces, made);
        Assert.Equal(Pieces, client.Received.Split(new string('x', PieceChars)).Length - 1);
    }

    private static async IAsyncEnumerable<CompletionEvent> Flood(Action made, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string piece = new('x', PieceChars);
        for (int i = 0; i < Pieces; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            made();
            yield return new CompletionEvent(0, piece);
        }
        await Task.Yield();
        yield return new CompletionEvent(0, "", "stop");
    }

    private static async Task<int> SettleAsync(Func<int> read)
    {
        await Eventually.IsTrueAsync(() => read() > 0);
        int before = -1;
        while (read() is var now && now != before)
        {
            before = now;
            await Task.Delay(300, TestContext.Current.CancellationToken);
        }
        return before;
    }
}
