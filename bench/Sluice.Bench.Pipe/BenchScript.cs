using System.Collections.Concurrent;
using System.Globalization;

namespace Sluice.Bench.Pipe;

/// <summary>Seeded trouble: what a record meets depends on its text and the seed alone, so that two runs meet the same.</summary>
internal sealed class BenchScript
{
    private const int Scale = 1_000_000;

    private static readonly FakeReply Busy = new(429, "{}"u8.ToArray()) { Headers = [("retry-after", "1")] };

    private readonly ConcurrentDictionary<ulong, int> _asked = new();
    private int _leastMs, _mostMs, _everyNth, _stragglerMs, _stormAfter, _stormMs, _resets, _seed;
    private long _requests, _refused, _reset, _stormEnds;

    public static BenchScript Parse(string[] args)
    {
        var script = new BenchScript();
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            string[] parts = args[i + 1].Split('-', ':');
            double First() => double.Parse(parts[0], CultureInfo.InvariantCulture);
            double Second() => double.Parse(parts[1], CultureInfo.InvariantCulture);
            switch (args[i])
            {
                case "--delay":
                    (script._leastMs, script._mostMs) = ((int)First(), (int)Second());
                    break;
                case "--stragglers":
                    (script._everyNth, script._stragglerMs) = ((int)First(), (int)(1000 * Second()));
                    break;
                case "--storm":
                    (script._stormAfter, script._stormMs) = ((int)First(), (int)Second());
                    break;
                case "--reset":
                    script._resets = (int)(Scale * First());
                    break;
                case "--seed":
                    script._seed = (int)First();
                    break;
                default:
                    throw new ArgumentException($"unknown option {args[i]}");
            }
        }
        return script;
    }

    public FakeReply Answer(FakeRequest request)
    {
        long number = Interlocked.Increment(ref _requests);
        if (_stormAfter > 0 && number == _stormAfter)
            Volatile.Write(ref _stormEnds, Environment.TickCount64 + _stormMs);
        if (Environment.TickCount64 < Volatile.Read(ref _stormEnds))
        {
            Interlocked.Increment(ref _refused);
            return Busy;
        }
        byte[] user = FirstWordOfLastContent(request.Body);
        ulong hash = Hash(user, _seed);
        bool isFirst = _asked.AddOrUpdate(hash, 1, static (_, count) => count + 1) == 1;
        if (isFirst && hash % Scale < (ulong)_resets)
        {
            Interlocked.Increment(ref _reset);
            return new FakeReply(200, []) { Transport = FakeTransport.Reset };
        }
        int delay = _leastMs + (int)(hash / Scale % (ulong)Math.Max(1, _mostMs - _leastMs + 1));
        if (_everyNth > 0 && isFirst && long.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out long record) && record % _everyNth == 0)
            delay = _stragglerMs;
        byte[] body = [.. "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"echo:"u8, .. user,
            .. "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":12}}"u8];
        return new FakeReply(200, body) { Delay = TimeSpan.FromMilliseconds(delay) };
    }

    /// <summary>One line of JSON.</summary>
    public string Sum(int mostInFlight) => string.Create(CultureInfo.InvariantCulture,
        $"{{\"requests\":{_requests},\"distinct\":{_asked.Count},\"refused\":{_refused},\"reset\":{_reset},\"most_in_flight\":{mostInFlight}}}");

    /// <summary>Of the text of the last message, as JSON has it: of a long record its number, so that a large input has small answers.</summary>
    private static byte[] FirstWordOfLastContent(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> name = "\"content\":\""u8;
        body = body[(body.LastIndexOf(name) + name.Length)..];
        return body[..body.IndexOfAny((byte)'"', (byte)' ')].ToArray();
    }

    private static ulong Hash(byte[] text, int seed)
    {
        ulong hash = 14695981039346656037 ^ (ulong)seed;
        foreach (byte b in text)
            hash = (hash ^ b) * 1099511628211;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        return hash ^ (hash >> 33);
    }
}
