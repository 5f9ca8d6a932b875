namespace Sluice.Bench.Load;

/// <summary>Arrivals and the servers they meet. Seeded: the same trace every time, for every policy.</summary>
/// <param name="Servers">Makes them anew for each run.</param>
internal sealed record Trace(string Name, IReadOnlyList<SimulatedRequest> Requests, Func<SimulatedClock, SimulatedServer[]> Servers)
{
    private const double PromptRate = 4000;
    private const double Step = 0.02;
    private const int CacheBlocks = 700; // 45,000 tokens

    public static IReadOnlyList<Trace> All(int seed) => [Even(seed), Skewed(seed + 1), Chats(seed + 2), Prefixes(seed + 3)];

    /// <summary>Unrelated prompts on equal servers.</summary>
    public static Trace Even(int seed)
    {
        var random = new Random(seed);
        return new Trace("even", [.. Arrivals(random, 3000, perSecond: 12).Select(
            (at, i) => new SimulatedRequest(at, $"u{i}", random.Next(20, 200), Text(random, random.Next(200, 1500))))], Equal(4));
    }

    /// <summary>Unrelated prompts, a few very long, on servers of which one is four times as slow.</summary>
    public static Trace Skewed(int seed)
    {
        var random = new Random(seed);
        return new Trace("skewed", [.. Arrivals(random, 3000, perSecond: 9).Select(
            (at, i) => new SimulatedRequest(at, $"u{i}", random.Next(20, 200), Text(random, random.Next(20) == 0 ? 6000 : random.Next(100, 800))))],
            clock => [Server(clock), Server(clock), Server(clock), Server(clock, slower: 4)]);
    }

    /// <summary>Conversations that grow turn by turn.</summary>
    public static Trace Chats(int seed)
    {
        var random = new Random(seed);
        var chats = Enumerable.Range(0, 60).Select(_ => new List<string>()).ToArray();
        var requests = new List<SimulatedRequest>();
        foreach (double at in Arrivals(random, 3000, perSecond: 10))
        {
            int who = random.Next(chats.Length);
            if (chats[who].Count > 16)
                chats[who].Clear();
            chats[who].Add(Text(random, random.Next(50, 400)));
            requests.Add(new SimulatedRequest(at, $"u{who}", random.Next(50, 200), [.. chats[who]]));
            chats[who].Add(Text(random, random.Next(50, 200)));
        }
        return new Trace("chats", requests, Equal(4));
    }

    /// <summary>Long common beginnings, more of them than one server can keep.</summary>
    public static Trace Prefixes(int seed)
    {
        var random = new Random(seed);
        string[] beginnings = [.. Enumerable.Range(0, 20).Select(_ => Text(random, 7000))];
        return new Trace("prefixes", [.. Arrivals(random, 3000, perSecond: 2.5).Select(
            (at, i) => new SimulatedRequest(at, $"u{i}", random.Next(20, 120), beginnings[random.Next(beginnings.Length)] + Text(random, 200)))],
            Equal(4));
    }

    /// <summary>A Poisson process: independent arrivals at a rate.</summary>
    private static IEnumerable<double> Arrivals(Random random, int count, double perSecond)
    {
        double at = 0;
        for (int i = 0; i < count; i++)
            yield return at += -Math.Log(1 - random.NextDouble()) / perSecond;
    }

    private static string Text(Random random, int tokens) => string.Create(tokens * SimulatedRequest.CharsPerToken, random, (text, chance) =>
    {
        for (int i = 0; i < text.Length; i++)
            text[i] = (char)('a' + chance.Next(26));
    });

    private static Func<SimulatedClock, SimulatedServer[]> Equal(int count) =>
        clock => [.. Enumerable.Range(0, count).Select(_ => Server(clock))];

    private static SimulatedServer Server(SimulatedClock clock, double slower = 1) => new(clock, PromptRate / slower, Step * slower, CacheBlocks);
}
