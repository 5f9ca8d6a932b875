using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sluice.Bench.Relay;

/// <summary>
/// Requests at a fixed rate, whether or not earlier ones are answered: each connection sends its share by the clock. A request whose
/// connection was still busy when it was due counts from then, so a stall is not hidden; one that only this program's timer sent late counts
/// from when it was sent.
/// </summary>
internal static class OpenLoop
{
    /// <returns>Latencies in microseconds, sorted.</returns>
    public static async Task<double[]> RunAsync(int port, byte[] request, Settings settings)
    {
        var all = new List<double>();
        long start = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 10;
        double[][] parts = await Task.WhenAll(
            Enumerable.Range(0, settings.Connections).Select(index => Task.Run(() => SendAsync(index, port, request, settings, start))));
        foreach (double[] part in parts)
            all.AddRange(part);
        all.Sort();
        return [.. all];
    }

    /// <summary>Asks on all connections without a pause.</summary>
    /// <returns>Answers per second.</returns>
    public static async Task<double> CloseAsync(int port, byte[] request, Settings settings)
    {
        long started = Stopwatch.GetTimestamp(), end = started + (settings.Seconds * Stopwatch.Frequency);
        int[] answers = await Task.WhenAll(Enumerable.Range(0, settings.Connections).Select(_ => Task.Run(() => RepeatAsync(port, request, end))));
        return answers.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<int> RepeatAsync(int port, byte[] request, long end)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var buffer = new byte[64 * 1024];
        int answers = 0;
        for (; Stopwatch.GetTimestamp() < end; answers++)
            await AskAsync(socket, request, buffer);
        return answers;
    }

    private static async Task<double[]> SendAsync(int index, int port, byte[] request, Settings settings, long start)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var buffer = new byte[64 * 1024];
        double interval = (double)settings.Connections / settings.Rate * Stopwatch.Frequency;
        int count = settings.Rate * settings.Seconds / settings.Connections;
        var taken = new double[count];
        for (int i = 0; i < count; i++)
        {
            long due = start + (long)((i + (double)index / settings.Connections) * interval);
            bool late = Stopwatch.GetTimestamp() > due;
            while (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } left)
                await Task.Delay(left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left);
            long from = late ? due : Stopwatch.GetTimestamp();
            await AskAsync(socket, request, buffer);
            taken[i] = Stopwatch.GetElapsedTime(from).TotalMicroseconds;
        }
        return taken;
    }

    /// <summary>Sends a request and reads the answer, by its length or to the last chunk; returns its body's bytes.</summary>
    public static async Task<long> AskAsync(Socket socket, byte[] request, byte[] buffer)
    {
        for (ReadOnlyMemory<byte> left = request; !left.IsEmpty;)
            left = left[await socket.SendAsync(left)..];
        int filled = 0, headEnd = 0;
        while (headEnd < 4)
        {
            filled += await ReceiveAsync(socket, buffer.AsMemory(filled));
            headEnd = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) + 4;
        }
        if (!buffer.AsSpan().StartsWith("HTTP/1.1 200"u8))
            throw new InvalidOperationException("Not 200: " + System.Text.Encoding.ASCII.GetString(buffer, 0, Math.Min(filled, 600)));
        long length = LengthOf(buffer.AsSpan(0, headEnd));
        if (length >= 0)
        {
            for (; filled < headEnd + length;)
                filled += await ReceiveAsync(socket, buffer.AsMemory(filled));
            return length;
        }
        long body = filled - headEnd;
        while (!buffer.AsSpan(0, filled).EndsWith("\r\n0\r\n\r\n"u8))
        {
            int keep = Math.Min(filled, 8); // the end may come in pieces
            buffer.AsSpan(filled - keep, keep).CopyTo(buffer);
            int read = await ReceiveAsync(socket, buffer.AsMemory(keep));
            (filled, body) = (keep + read, body + read);
        }
        return body;
    }

    private static async Task<int> ReceiveAsync(Socket socket, Memory<byte> into) =>
        await socket.ReceiveAsync(into) is var read and > 0 ? read : throw new InvalidOperationException("The connection was closed.");

    private static long LengthOf(ReadOnlySpan<byte> head)
    {
        int at = head.IndexOf("ontent-Length: "u8) is var upper and >= 0 ? upper - 1 : head.IndexOf("content-length: "u8);
        return at >= 0 && System.Buffers.Text.Utf8Parser.TryParse(head[(at + 16)..], out long length, out _) ? length : -1;
    }
}
