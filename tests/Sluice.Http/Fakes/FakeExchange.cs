using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Sluice.Http.Fakes;

/// <summary>One request that reached the fake upstream, and the means to answer it, break it or leave it.</summary>
internal sealed class FakeExchange(Socket socket, string head, byte[] body)
{
    private readonly TaskCompletionSource<long> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Method { get; } = head.Split(' ')[0];

    public string Path { get; } = head.Split(' ')[1];

    /// <summary>The request line and the headers, as they came.</summary>
    public string Head { get; } = head;

    public string Body { get; } = Encoding.UTF8.GetString(body);

    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>When the caller closed the connection, in <see cref="Stopwatch"/> ticks; begins to watch.</summary>
    public Task<long> ClosedByCaller
    {
        get
        {
            _ = WatchAsync();
            return _closed.Task;
        }
    }

    public string? Header(string name)
    {
        foreach (string line in Head.Split("\r\n").Skip(1))
        {
            if (line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
                return line[(name.Length + 1)..].Trim();
        }
        return null;
    }

    public Task AnswerAsync(string json, int status = 200, string type = "application/json", string headers = "")
    {
        int bytes = Encoding.UTF8.GetByteCount(json);
        return SendAsync($"HTTP/1.1 {status} Said\r\nContent-Type: {type}\r\nContent-Length: {bytes}\r\n{headers}\r\n{json}");
    }

    public Task BeginStreamAsync(string type = "text/event-stream") =>
        SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n");

    /// <summary>Sends a chunk of the body, whatever is in it.</summary>
    public Task WriteAsync(string text) =>
        SendAsync($"{Encoding.UTF8.GetByteCount(text).ToString("x", CultureInfo.InvariantCulture)}\r\n{text}\r\n");

    public Task EndAsync() => SendAsync("0\r\n\r\n");

    public async Task StreamAsync(params string[] data)
    {
        await BeginStreamAsync();
        foreach (string one in data)
            await WriteAsync($"data: {one}\n\n");
        await EndAsync();
    }

    public async Task SendAsync(string text)
    {
        ReadOnlyMemory<byte> left = Encoding.UTF8.GetBytes(text);
        while (!left.IsEmpty)
            left = left[await socket.SendAsync(left)..];
    }

    /// <summary>Ends the connection as a killed process does.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Ends the connection in good order but perhaps too early.</summary>
    public void Close() => socket.Close();

    private async Task WatchAsync()
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[256]) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // a reset closes it too
        }
        _closed.TrySetResult(Stopwatch.GetTimestamp());
    }
}
