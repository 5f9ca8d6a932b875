using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sluice.Bench.Relay;

/// <summary>A connection that is asked from outside and reads by itself; what is due while it is busy waits for its turn.</summary>
internal sealed class PacedConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request;
    private readonly Lock _gate = new();
    private readonly Queue<long> _due = new();
    private readonly List<double> _taken = [];
    private long _from;
    private bool _busy;

    private PacedConnection(byte[] request) => _request = request;

    /// <summary>Latencies in microseconds, as they came.</summary>
    public IReadOnlyList<double> Taken => _taken;

    public static async Task<PacedConnection> OpenAsync(int port, byte[] request)
    {
        var connection = new PacedConnection(request);
        await connection._socket.ConnectAsync(IPAddress.Loopback, port);
        return connection;
    }

    /// <summary>Sends the request, or has it wait for the answers to those before it.</summary>
    /// <param name="due">When it was to be sent, as a <see cref="Stopwatch"/> stamp.</param>
    public void Ask(long due)
    {
        lock (_gate)
        {
            if (_busy)
            {
                _due.Enqueue(due);
                return;
            }
            _busy = true;
            _from = Stopwatch.GetTimestamp();
        }
        _socket.Send(_request);
    }

    /// <summary>Reads that many answers.</summary>
    public async Task ReadAsync(int answers)
    {
        var buffer = new byte[64 * 1024];
        for (int i = 0; i < answers; i++)
        {
            await OpenLoop.ReadAnswerAsync(_socket, buffer);
            bool more;
            lock (_gate)
            {
                _taken.Add(Stopwatch.GetElapsedTime(_from).TotalMicroseconds);
                more = _busy = _due.TryDequeue(out _from);
            }
            if (more)
                await _socket.SendAsync(_request);
        }
    }

    public void Dispose() => _socket.Dispose();
}
