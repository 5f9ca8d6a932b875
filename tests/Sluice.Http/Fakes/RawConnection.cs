using System.Net.Sockets;
using System.Text;

namespace Sluice.Http.Fakes;

/// <summary>A client that speaks bytes, so that a test sees exactly what goes over the wire and when.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly StringBuilder _received = new();

    /// <summary>Everything received so far.</summary>
    public string Received => _received.ToString();

    /// <param name="receiveBufferBytes">Small, to make a slow reader felt early; 0 for the system's choice.</param>
    public static async Task<RawConnection> OpenAsync(Uri url, int receiveBufferBytes = 0)
    {
        var connection = new RawConnection();
        if (receiveBufferBytes > 0)
            connection._socket.ReceiveBufferSize = receiveBufferBytes;
        await connection._socket.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
        return connection;
    }

    public Task PostAsync(string path, string json)
    {
        int bytes = Encoding.UTF8.GetByteCount(json);
        return SendAsync($"POST {path} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: {bytes}\r\n\r\n{json}");
    }

    public async Task SendAsync(string text) =>
        await _socket.SendAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);

    /// <summary>Reads until <paramref name="mark"/> has come, or the server closed; true where it came.</summary>
    /// <exception cref="TimeoutException">Nothing came for a minute.</exception>
    public async Task<bool> ReadToAsync(string mark)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        for (int searched = 0; !TailContains(mark, searched);)
        {
            searched = _received.Length;
            int count = await _socket.ReceiveAsync(_buffer, cancellation).AsTask().WaitAsync(Eventually.Patience, cancellation);
            if (count == 0)
                return false;
            _received.Append(Encoding.UTF8.GetString(_buffer, 0, count));
        }
        return true;
    }

    /// <summary>Reads until the server closes.</summary>
    public Task ReadToCloseAsync() => ReadToAsync("\0 never sent");

    /// <summary>Closes as a killed process does: with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public void Dispose() => _socket.Dispose();

    private bool TailContains(string mark, int searched)
    {
        int from = Math.Max(0, searched - mark.Length);
        return _received.ToString(from, _received.Length - from).Contains(mark, StringComparison.Ordinal);
    }
}
