using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sluice.Gateway.Configuration;
using Sluice.Gateway.Sources;
using Sluice.Protocol.Sources;

namespace Sluice.Http.Fakes;

/// <summary>
/// A server on the loopback that answers as a test says, down to half a frame and a reset. Connections are kept as long as both sides want.
/// </summary>
internal sealed class FakeUpstream : IAsyncDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly Func<FakeExchange, Task> _answer;
    private readonly List<RemoteHost> _hosts = [];
    private int _connections;

    public FakeUpstream(Func<FakeExchange, Task> answer)
    {
        _answer = answer;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/v1");

    /// <summary>Everything that was asked.</summary>
    public ConcurrentQueue<FakeExchange> Seen { get; } = new();

    /// <summary>Connections that were ever made.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>A source that speaks to it: the model <c>fake</c>, here called <c>up/stream</c>.</summary>
    public ICompletionSource Source(SourceKind kind = SourceKind.OpenAi, Uri? url = null)
    {
        var config = new SourceConfig
        {
            Name = "remote",
            Kind = kind,
            Remote = new RemoteConfig
            {
                Url = url ?? Url, Key = new Secret("env:KEY", "secret-key"), Models = new Dictionary<string, string> { ["fake"] = "up/stream" },
            },
        };
        var host = new RemoteHost(config, TimeProvider.System);
        _hosts.Add(host);
        return host.Open("fake")[0];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RemoteHost host in _hosts)
            await host.DisposeAsync();
        _listener.Dispose();
        foreach (Socket socket in _sockets)
            socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync();
                socket.NoDelay = true;
                Interlocked.Increment(ref _connections);
                _sockets.Add(socket);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // disposed
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            while (await ReadAsync(socket) is { } exchange)
            {
                Seen.Enqueue(exchange);
                await _answer(exchange);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // either side has left
        }
    }

    private static async Task<FakeExchange?> ReadAsync(Socket socket)
    {
        var received = new List<byte>();
        var buffer = new byte[64 * 1024];
        int headEnd = -1, bodyBytes = 0;
        while (headEnd < 0 || received.Count < headEnd + bodyBytes)
        {
            int count = await socket.ReceiveAsync(buffer);
            if (count == 0)
                return null;
            received.AddRange(buffer.AsSpan(0, count));
            if (headEnd >= 0)
                continue;
            string text = Encoding.Latin1.GetString([.. received]);
            if (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end and >= 0)
            {
                headEnd = end + 4;
                bodyBytes = LengthOf(text[..end]);
            }
        }
        byte[] all = [.. received];
        return new FakeExchange(socket, Encoding.Latin1.GetString(all, 0, headEnd - 4), all[headEnd..(headEnd + bodyBytes)]);
    }

    private static int LengthOf(string head)
    {
        const string name = "\r\ncontent-length:";
        int at = head.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? 0 : int.Parse(head[(at + name.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
    }
}
