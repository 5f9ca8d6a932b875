using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sluice.Bench.Relay;

/// <summary>What streams cost: the time of a core for each chunk, and memory for each that is open.</summary>
internal static class Streams
{
    private const int Tokens = 200_000;

    // Long enough for all to be open at once, whatever it takes to open them.
    private const int OpenSeconds = 25;

    /// <summary>Chunks per second that pass, one stream at a time and no pause.</summary>
    public static async Task MeasureRateAsync(List<Subject> ways, Settings settings)
    {
        Console.WriteLine("one stream        chunks/s  chunks per second of its own CPU");
        foreach (Subject subject in ways)
        {
            byte[] request = Comparison.RequestOf(subject, 1000, $"\"stream\":true,\"max_tokens\":{Tokens},");
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, subject.Port);
            var buffer = new byte[64 * 1024];
            await OpenLoop.AskAsync(socket, request, buffer);
            TimeSpan before = subject.Processor;
            long started = Stopwatch.GetTimestamp();
            for (int round = 0; round < settings.Rounds; round++)
                await OpenLoop.AskAsync(socket, request, buffer);
            double chunks = (double)Tokens * settings.Rounds;
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, processor = (subject.Processor - before).TotalSeconds;
            Comparison.Print($"  {subject.Name,-15} {chunks / seconds,8:N0}  {chunks / processor,10:N0}");
        }
    }

    /// <summary>The most memory that a fresh Sluice holds while many slow streams are open, one chunk a second each.</summary>
    public static async Task MeasureMemoryAsync(int upstream, string folder, Settings settings)
    {
        foreach (string program in settings.Sluice)
        {
            using Subject sluice = await Subject.SluiceAsync("sluice", program, upstream, folder);
            byte[] request = Comparison.RequestOf(sluice, 100, $"\"stream\":true,\"user\":\"slow\",\"max_tokens\":{OpenSeconds},");
            long before = sluice.PeakMegabytes;
            var open = new Counter();
            await Task.WhenAll(Enumerable.Range(0, settings.Streams).Select(_ => AskAsync(sluice.Port, request, open)));
            Comparison.Print($"{open.Most:N0} streams open at one time: {program} held {sluice.PeakMegabytes} MB at most, {before} MB before them");
        }
    }

    private static async Task AskAsync(int port, byte[] request, Counter open)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        open.Add(1);
        await OpenLoop.AskAsync(socket, request, new byte[4 * 1024]);
        open.Add(-1);
    }

    private sealed class Counter
    {
        private readonly Lock _gate = new();
        private int _now;

        public int Most { get; private set; }

        public void Add(int change)
        {
            lock (_gate)
                Most = Math.Max(Most, _now += change);
        }
    }
}
