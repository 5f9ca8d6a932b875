using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.Bench.Relay;

/// <summary>
/// A server that answers every request with the same bytes, so that what is measured is the way there: a JSON body of 1 KB, or where the
/// request says <c>"stream":true</c> a stream of chunks, as many as its <c>"max_tokens":N</c>: at once, or where it says <c>"user":"slow"</c> one a
/// second.
/// </summary>
internal static class CannedUpstream
{
    private static readonly byte[] Whole = MakeWhole();
    private static readonly byte[] Head = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    private static readonly byte[] End = Chunk("data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n", last: true);
    private static readonly byte[] Piece = Chunk(
        "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"},\"finish_reason\":null}]}\n\n");

    public static async Task RunAsync(int port)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(8192);
        while (true)
        {
            Socket socket = await listener.AcceptAsync();
            socket.NoDelay = true;
            _ = ServeAsync(socket);
        }
    }

    private static async Task ServeAsync(Socket socket)
    {
        using Socket owned = socket;
        var buffer = new byte[4 * 1024];
        int filled = 0;
        try
        {
            while (true)
            {
                int headEnd, total;
                while (!IsWhole(buffer.AsSpan(0, filled), out headEnd, out total))
                {
                    if (filled == buffer.Length)
                        Array.Resize(ref buffer, Math.Max(512 * 1024, filled * 2));
                    int read = await socket.ReceiveAsync(buffer.AsMemory(filled));
                    if (read == 0)
                        return;
                    filled += read;
                }
                ReadOnlyMemory<byte> body = buffer.AsMemory(headEnd, total - headEnd);
                if (body.Span.IndexOf("\"user\":\"slow\""u8) >= 0)
                    await StreamSlowlyAsync(socket, Tokens(body.Span));
                else if (body.Span.IndexOf("\"stream\":true"u8) >= 0)
                    await StreamAsync(socket, Tokens(body.Span));
                else
                    await SendAsync(socket, Whole);
                buffer.AsSpan(total, filled - total).CopyTo(buffer);
                filled -= total;
            }
        }
        catch (SocketException)
        {
            // the caller left
        }
    }

    private static async Task StreamSlowlyAsync(Socket socket, int tokens)
    {
        await SendAsync(socket, Head);
        for (; tokens > 0; tokens--)
        {
            await SendAsync(socket, Piece);
            await Task.Delay(1000);
        }
        await SendAsync(socket, End);
    }

    private static async Task StreamAsync(Socket socket, int tokens)
    {
        await SendAsync(socket, Head);
        // Many at once: what is measured is how fast they are passed on, not how fast this can write.
        const int batch = 64;
        byte[] many = [.. Enumerable.Repeat(Piece, batch).SelectMany(bytes => bytes)];
        for (; tokens > 0; tokens -= batch)
            await SendAsync(socket, many.AsMemory(0, Piece.Length * Math.Min(batch, tokens)));
        await SendAsync(socket, End);
    }

    private static int Tokens(ReadOnlySpan<byte> body)
    {
        int at = body.IndexOf("\"max_tokens\":"u8);
        return at >= 0 && System.Buffers.Text.Utf8Parser.TryParse(body[(at + 13)..], out int tokens, out _) ? tokens : 16;
    }

    private static bool IsWhole(ReadOnlySpan<byte> bytes, out int headEnd, out int total)
    {
        headEnd = bytes.IndexOf("\r\n\r\n"u8) + 4;
        total = int.MaxValue;
        if (headEnd < 4)
            return false;
        ReadOnlySpan<byte> head = bytes[..headEnd];
        int at = head.IndexOf("ontent-"u8);
        while (at >= 0 && !head[(at + 7)..].StartsWith("ength:"u8) && !head[(at + 8)..].StartsWith("ength:"u8))
        {
            int next = head[(at + 7)..].IndexOf("ontent-"u8);
            at = next < 0 ? -1 : at + 7 + next;
        }
        bool told = System.Buffers.Text.Utf8Parser.TryParse(head[(at < 0 ? head.Length : at + 14)..].TrimStart((byte)' '), out int length, out _);
        total = headEnd + (told ? length : 0);
        return bytes.Length >= total;
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes)..];
    }

    private static byte[] MakeWhole()
    {
        string body = "{\"id\":\"1\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
            + new string('x', 850) + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":9,\"total_tokens\":16}}";
        return Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private static byte[] Chunk(string text, bool last = false) =>
        Encoding.ASCII.GetBytes($"{text.Length:x}\r\n{text}\r\n{(last ? "0\r\n\r\n" : "")}");
}
