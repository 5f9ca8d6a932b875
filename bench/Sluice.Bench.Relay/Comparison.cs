using System.Globalization;
using System.Text;

namespace Sluice.Bench.Relay;

/// <summary>Measures all ways to one upstream, turn by turn, and prints what each adds to the direct one.</summary>
internal static class Comparison
{
    public static async Task<int> RunAsync(Settings settings)
    {
        string folder = Directory.CreateTempSubdirectory("sluice-bench-").FullName;
        var subjects = new List<Subject>();
        try
        {
            Subject upstream = await Subject.UpstreamAsync();
            subjects.Add(upstream);
            await AddAsync(Subject.NginxAsync(upstream.Port, folder));
            await AddAsync(Subject.BareAsync(upstream.Port)!);
            foreach (string program in settings.Sluice)
                await AddAsync(Subject.SluiceAsync(settings.Sluice.Length == 1 ? "sluice" : Path.GetFileName(Path.GetDirectoryName(program))!, program, upstream.Port, folder)!);
            await AddAsync(Subject.PortkeyAsync(upstream.Port, settings.Portkey));
            Print($"{Environment.ProcessorCount} cores, {settings.Connections} connections");
            // Portkey cannot keep the rate: its queue would grow to the end of the round.
            List<Subject> steady = [.. subjects.Where(subject => subject.Headers.Length == 0)];
            if (settings.Parts.Contains("latency"))
                await LatencyAsync(steady, settings);
            if (settings.Parts.Contains("throughput"))
                await ThroughputAsync(subjects, settings);
            if (settings.Parts.Contains("stream"))
                await Streams.MeasureRateAsync(steady, settings);
            if (settings.Parts.Contains("streams"))
                await Streams.MeasureMemoryAsync(upstream.Port, folder, settings);
            return 0;
        }
        finally
        {
            foreach (Subject subject in subjects)
                subject.Dispose();
            Directory.Delete(folder, recursive: true);
        }

        async Task AddAsync(Task<Subject?> starting)
        {
            if (await starting is { } subject)
                subjects.Add(subject);
        }
    }

    /// <summary>A request of a client, as bytes.</summary>
    /// <param name="fields">Further fields of the body, each with its comma.</param>
    public static byte[] RequestOf(Subject subject, int bytes, string fields = "")
    {
        string body = $"{{\"model\":\"chat\",{fields}\"messages\":[{{\"role\":\"user\",\"content\":\"{new string('a', bytes)}\"}}]}}";
        return Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {Subject.Key}\r\nContent-Type: application/json\r\n"
            + $"{subject.Headers}Content-Length: {body.Length}\r\n\r\n{body}");
    }

    public static void Print(FormattableString line) => Console.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static async Task LatencyAsync(List<Subject> ways, Settings settings)
    {
        Console.WriteLine("body    rate/s  way         p50 us   p99 us  added p50  added p99  its CPU us/request");
        foreach (int bytes in settings.Bodies)
            await CompareAsync($"{bytes / 1000} KB", bytes, ways, bytes > 10_000 ? Slower(settings) : settings);
    }

    // Two cores cannot carry as many large bodies as small ones.
    private static Settings Slower(Settings settings) =>
        settings with { Rate = settings.LargeRate, Connections = Math.Min(settings.Connections, settings.LargeRate) };

    private static async Task CompareAsync(string body, int bytes, List<Subject> ways, Settings settings)
    {
        foreach (Subject subject in ways)
            await OpenLoop.RunAsync(subject.Port, RequestOf(subject, bytes), settings with { Seconds = settings.Warm });
        var p50 = ways.ToDictionary(way => way, _ => new List<double>());
        var p99 = ways.ToDictionary(way => way, _ => new List<double>());
        var processor = ways.ToDictionary(way => way, _ => new List<double>());
        for (int round = 0; round < settings.Rounds; round++)
        {
            foreach (Subject subject in ways)
            {
                TimeSpan before = subject.Processor;
                double[] taken = await OpenLoop.RunAsync(subject.Port, RequestOf(subject, bytes), settings);
                processor[subject].Add((subject.Processor - before).TotalMicroseconds / taken.Length);
                p50[subject].Add(taken[taken.Length / 2]);
                p99[subject].Add(taken[taken.Length * 99 / 100]);
            }
        }
        (double directHalf, double directMost) = (Median(p50[ways[0]]), Median(p99[ways[0]]));
        foreach (Subject subject in ways)
        {
            (double half, double most) = (Median(p50[subject]), Median(p99[subject]));
            Print($"{body,-7} {settings.Rate,6}  {subject.Name,-11} {half,6:F0}  {most,7:F0}  {half - directHalf,9:F0}  {most - directMost,9:F0}  {Median(processor[subject]),6:F0}");
        }
    }

    /// <summary>As many requests as they can, each connection the next one as soon as the last is answered.</summary>
    private static async Task ThroughputAsync(List<Subject> ways, Settings settings)
    {
        Console.WriteLine("throughput, 1 KB  requests/s  requests per second of its own CPU");
        foreach (Subject subject in ways)
        {
            byte[] request = RequestOf(subject, 1000);
            await OpenLoop.CloseAsync(subject.Port, request, settings with { Seconds = settings.Warm });
            TimeSpan before = subject.Processor;
            double rate = await OpenLoop.CloseAsync(subject.Port, request, settings);
            double cores = (subject.Processor - before).TotalSeconds / settings.Seconds;
            Print($"  {subject.Name,-15} {rate,10:N0}  {rate / cores,10:N0}");
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
