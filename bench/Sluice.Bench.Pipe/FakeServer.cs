using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.Bench.Pipe;

/// <summary>
/// An HTTP/1.1 server that does to its clients whatever a test wants, down to connections that break: on sockets, because a proper server
/// would not do that.
/// </summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private const int MaxHeadBytes = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Func<FakeRequest, FakeReply> _answer;
    private readonly Task _accepting;
    private int _inFlight, _mostInFlight;

    public FakeServer(Func<FakeRequest, FakeReply> answer)
    {
        _answer = answer;
        _listener.Start(1024);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Most requests that were being answered at one time.</summary>
    public int MostInFlight => Volatile.Read(ref _mostInFlight);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_ended.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The server ends.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            var buffer = new byte[MaxHeadBytes];
            int filled = 0;
            while (true)
            {
                int head;
                while ((head = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
                {
                    int read = await stream.ReadAsync(buffer.AsMemory(filled), _ended.Token);
                    if (read == 0)
                        return;
                    filled += read;
                }
                (FakeRequest request, int bodyAt, int bodyBytes) = ParseHead(buffer.AsSpan(0, head), head + 4);
                int have = Math.Min(filled - bodyAt, bodyBytes);
                buffer.AsSpan(bodyAt, have).CopyTo(request.Body);
                await stream.ReadExactlyAsync(request.Body.AsMemory(have), _ended.Token);
                filled -= bodyAt + have;
                buffer.AsSpan(bodyAt + have, filled).CopyTo(buffer);
                if (!await AnswerAsync(stream, request))
                    return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client went away, or the server ends.
        }
    }

    /// <returns>Whether the connection goes on.</returns>
    private async Task<bool> AnswerAsync(NetworkStream stream, FakeRequest request)
    {
        int now = Interlocked.Increment(ref _inFlight);
        for (int seen = _mostInFlight; now > seen && Interlocked.CompareExchange(ref _mostInFlight, now, seen) != seen;)
            seen = _mostInFlight;
        FakeReply reply;
        try
        {
            reply = _answer(request);
            if (reply.Delay > TimeSpan.Zero)
                await Task.Delay(reply.Delay, _ended.Token);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
        if (reply.Transport == FakeTransport.Reset)
        {
            stream.Socket.LingerState = new LingerOption(true, 0);
            stream.Socket.Close();
            return false;
        }
        byte[] message = Write(reply);
        int sent = reply.Transport == FakeTransport.CloseMidBody ? message.Length - (reply.Body.Length / 2) - 1 : message.Length;
        await stream.WriteAsync(message.AsMemory(0, sent), _ended.Token);
        return reply.Transport == FakeTransport.Whole;
    }

    private static byte[] Write(FakeReply reply)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {reply.Status} X\r\ncontent-length: {reply.Body.Length}\r\n");
        if (!reply.Headers.Any(header => header.Name == "content-type"))
            head.Append("content-type: application/json\r\n");
        foreach (var (name, value) in reply.Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        head.Append("\r\n");
        return [.. Encoding.ASCII.GetBytes(head.ToString()), .. reply.Body];
    }

    private static (FakeRequest Request, int BodyAt, int BodyBytes) ParseHead(ReadOnlySpan<byte> head, int bodyAt)
    {
        string[] lines = Encoding.Latin1.GetString(head).Split("\r\n");
        string[] first = lines[0].Split(' ');
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in lines.AsSpan(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon].ToLowerInvariant()] = line[(colon + 1)..].Trim();
        }
        int bytes = headers.TryGetValue("content-length", out string? length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0;
        return (new FakeRequest(first[0], first[1], headers, new byte[bytes], Environment.TickCount64), bodyAt, bytes);
    }
}
