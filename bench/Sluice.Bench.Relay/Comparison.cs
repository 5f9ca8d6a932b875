using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.Bench.Relay;

/// <summary>Measures all ways to one upstream, turn by turn, and prints what each adds to the direct one.</summary>
internal static class Comparison
{
    private static readonly (string Name, int Bytes)[] Bodies = [("1 KB", 1000), ("300 KB", 300_000)];

    public static async Task<int> RunAsync(Settings settings)
    {
        string folder = Directory.CreateTempSubdirectory("sluice-bench-").FullName;
        try
        {
            using Subject upstream = await Subject.UpstreamAsync();
            using Subject? nginx = await Subject.NginxAsync(upstream.Port, folder);
            using Subject sluice = await Subject.SluiceAsync(settings.Sluice, upstream.Port, folder);
            var ways = new List<(string Name, Subject Subject)> { ("direct", upstream) };
            if (nginx is not null)
                ways.Add(("nginx", nginx));
            ways.Add(("sluice", sluice));
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {settings.Connections} connections; added = less the direct way's figure"));
            Console.WriteLine("body    rate/s  way      p50 us   p99 us  added p50  added p99");
            foreach ((string name, int bytes) in Bodies)
                await CompareAsync(name, RequestOf(bytes, streamTokens: 0), ways, bytes > 10_000 ? Slower(settings) : settings);
            await StreamAsync(ways, settings);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sluice held at most {sluice.PeakMegabytes} MB"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // What many small bodies carry in a second, few large ones carry too.
    private static Settings Slower(Settings settings)
    {
        int rate = Math.Max(1, settings.Rate / 20);
        return settings with { Rate = rate, Connections = Math.Min(settings.Connections, rate) };
    }

    private static async Task CompareAsync(string body, byte[] request, List<(string Name, Subject Subject)> ways, Settings settings)
    {
        foreach ((_, Subject subject) in ways)
            await OpenLoop.RunAsync(subject.Port, request, settings with { Seconds = 2 }); // warm
        var p50 = ways.ToDictionary(way => way.Name, _ => new List<double>());
        var p99 = ways.ToDictionary(way => way.Name, _ => new List<double>());
        for (int round = 0; round < settings.Rounds; round++)
        {
            foreach ((string name, Subject subject) in ways)
            {
                double[] taken = await OpenLoop.RunAsync(subject.Port, request, settings);
                p50[name].Add(taken[taken.Length / 2]);
                p99[name].Add(taken[taken.Length * 99 / 100]);
            }
        }
        foreach ((string name, _) in ways)
        {
            (double half, double most) = (Median(p50[name]), Median(p99[name]));
            (double addedHalf, double addedMost) = (half - Median(p50["direct"]), most - Median(p99["direct"]));
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{body,-7} {settings.Rate,6}  {name,-7} {half,7:F0}  {most,7:F0}  {addedHalf,9:F0}  {addedMost,9:F0}"));
        }
    }

    /// <summary>Chunks per second that pass, one connection at a time and no pause.</summary>
    private static async Task StreamAsync(List<(string Name, Subject Subject)> ways, Settings settings)
    {
        const int tokens = 200_000;
        byte[] request = RequestOf(1000, tokens);
        foreach ((string name, Subject subject) in ways)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, subject.Port);
            var buffer = new byte[64 * 1024];
            await OpenLoop.AskAsync(socket, request, buffer);
            long started = Stopwatch.GetTimestamp();
            for (int round = 0; round < settings.Rounds; round++)
                await OpenLoop.AskAsync(socket, request, buffer);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stream  {name,-7} {tokens * settings.Rounds / seconds,12:N0} chunks/s"));
        }
    }

    private static byte[] RequestOf(int bytes, int streamTokens)
    {
        string stream = streamTokens > 0 ? $"\"stream\":true,\"max_tokens\":{streamTokens}," : "";
        string body = $"{{\"model\":\"chat\",{stream}\"messages\":[{{\"role\":\"user\",\"content\":\"{new string('a', bytes)}\"}}]}}";
        return Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {Subject.Key}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
