using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sluice.Bench.Relay;

/// <summary>
/// Requests at a fixed rate and even distances, whether or not earlier ones are answered: the connections send in turn, by the clock. A
/// request whose connection was still busy when it was due counts from then, so a stall is not hidden; one that only this program sent late
/// counts from when it was sent.
/// </summary>
internal static partial class OpenLoop
{
    /// <returns>Latencies in microseconds, sorted.</returns>
    public static async Task<double[]> RunAsync(int port, byte[] request, Settings settings)
    {
        int answers = settings.Rate * settings.Seconds / settings.Connections;
        var connections = new PacedConnection[settings.Connections];
        for (int i = 0; i < connections.Length; i++)
            connections[i] = await PacedConnection.OpenAsync(port, request);
        try
        {
            Task reading = Task.WhenAll(connections.Select(connection => connection.ReadAsync(answers)));
            Task sending = Task.Factory.StartNew(() => Send(connections, answers, settings.Rate), TaskCreationOptions.LongRunning);
            await await Task.WhenAny(reading, sending);
            await Task.WhenAll(reading, sending);
        }
        finally
        {
            foreach (PacedConnection connection in connections)
                connection.Dispose();
        }
        return [.. connections.SelectMany(connection => connection.Taken).Order()];
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

    /// <summary>
    /// A timer of the runtime counts in milliseconds, and would send what is due in one of them at once; this thread sleeps to the point.
    /// </summary>
    private static void Send(PacedConnection[] connections, int answers, int rate)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < answers * connections.Length; i++)
        {
            long due = start + (long)((double)i / rate * Stopwatch.Frequency);
            if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } left)
                Sleep(new TimeSpec((long)left.TotalSeconds, left.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick), 0);
            connections[i % connections.Length].Ask(due);
        }
    }

    /// <summary>Sends a request and reads the answer; returns its body's bytes.</summary>
    public static async Task<long> AskAsync(Socket socket, byte[] request, byte[] buffer)
    {
        for (ReadOnlyMemory<byte> left = request; !left.IsEmpty;)
            left = left[await socket.SendAsync(left)..];
        return await ReadAnswerAsync(socket, buffer);
    }

    /// <summary>Reads an answer, by its length or to the last chunk; returns its body's bytes.</summary>
    public static async Task<long> ReadAnswerAsync(Socket socket, byte[] buffer)
    {
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

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Sleep(in TimeSpec time, nint left);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
