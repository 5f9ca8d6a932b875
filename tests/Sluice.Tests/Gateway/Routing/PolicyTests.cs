using Sluice.Gateway.Configuration;
using Sluice.Gateway.Routing;
using Sluice.Tests.Gateway.Fakes;

namespace Sluice.Tests.Gateway.Routing;

public sealed class PolicyTests
{
    private static readonly RouteRequest Any = Ask.Of("hello");

    [Fact]
    public void Names_OfTheRegistry_AreThoseOfTheContract() => Assert.Equal(
        ["content", "cost", "latency", "least-connections", "light-deep", "p2c", "prefix", "round-robin", "session", "weighted"],
        PolicyRegistry.Names);

    /// <summary>Whatever the state, the choice is one of the candidates, and the same seed makes the same choices.</summary>
    [Fact]
    public void Choose_AnyPolicyAnyState_IsOneOfTheCandidatesAndRepeatable()
    {
        foreach (string name in PolicyRegistry.Names)
            Assert.Equal(Run(name), Run(name));

        static List<int> Run(string name)
        {
            IRoutingPolicy policy = PolicyRegistry.Create(new PoolConfig { Name = "p", Policy = name, Members = [] });
            var random = new Random(5);
            var chance = new Chance(9);
            var choices = new List<int>();
            for (int i = 0; i < 500; i++)
            {
                Candidate[] candidates = [.. Enumerable.Range(0, random.Next(1, 9)).Select(id => Ask.Member(id * 3, random.Next(20)) with
                {
                    QueuedTokens = random.Next(5000), CachedTokens = random.Next(3) == 0 ? null : random.Next(5000),
                    FirstTokenSeconds = random.NextDouble(), TokenSeconds = random.NextDouble() / 10,
                })];
                int chosen = policy.Choose(Ask.Of($"text {random.Next(20)}", random.Next(5000), $"u{random.Next(9)}"), candidates, chance);
                Assert.InRange(chosen, 0, candidates.Length - 1);
                choices.Add(chosen);
            }
            return choices;
        }
    }

    [Fact]
    public void RoundRobin_ManyRequests_AreSpreadEvenly() => Assert.Equal([30, 30, 30], Counts("round-robin", 90, Three()));

    [Fact]
    public void Weighted_ManyRequests_FollowTheWeights()
    {
        int[] counts = Counts("weighted", 40_000, [Ask.Member(0, weight: 3), Ask.Member(1, weight: 1)]);
        Assert.InRange(counts[0], 29_400, 30_600);
    }

    [Fact]
    public void LeastConnections_UnequalLoad_TakesTheLeastForItsWeight()
    {
        Candidate[] candidates = [Ask.Member(0, inFlight: 5), Ask.Member(1, inFlight: 8, weight: 2), Ask.Member(2, inFlight: 6)];
        Assert.Equal(100, Counts("least-connections", 100, candidates)[1]);
    }

    [Fact]
    public void LeastConnections_AllIdle_UsesAllOfThem() =>
        Assert.All(Counts("least-connections", 300, Three()), count => Assert.InRange(count, 60, 140));

    [Fact]
    public void TwoChoices_OneIsOverloaded_NeverTakesIt()
    {
        int[] counts = Counts("p2c", 300, [Ask.Member(0, inFlight: 50), Ask.Member(1), Ask.Member(2)]);
        Assert.Equal(0, counts[0]);
        Assert.InRange(counts[1], 75, 225);
    }

    [Fact]
    public void Latency_SlowAndQuick_PrefersTheQuickUntilItsQueueCostsMore()
    {
        Candidate slow = Ask.Member(0) with { FirstTokenSeconds = 1, TokenSeconds = 0.1 };
        Candidate quick = Ask.Member(1) with { FirstTokenSeconds = 0.1, TokenSeconds = 0.01 };
        Assert.Equal(50, Counts("latency", 50, [slow, quick])[1]);
        Assert.Equal(50, Counts("latency", 50, [slow, quick with { InFlight = 10 }])[0]);
    }

    [Fact]
    public void Latency_UnknownMember_IsTried() =>
        Assert.Equal(10, Counts("latency", 10, [Ask.Member(0) with { FirstTokenSeconds = 0.1 }, Ask.Member(1)])[1]);

    [Fact]
    public void Cost_PricesDiffer_TakesTheCheapestForThisSize()
    {
        Candidate cheapToRead = Ask.Member(0) with { Price = new PriceConfig(1, 10) };
        Candidate cheapToWrite = Ask.Member(1) with { Price = new PriceConfig(5, 1) };
        var policy = new CostPolicy();
        Assert.Equal(0, policy.Choose(Ask.Of("x", tokens: 100_000), [cheapToRead, cheapToWrite], new Chance(1)));
        Assert.Equal(1, policy.Choose(Ask.Of("x", tokens: 10), [cheapToRead, cheapToWrite], new Chance(1)));
        Assert.Equal(2, policy.Choose(Ask.Of("x"), [cheapToRead, cheapToWrite, Ask.Member(2)], new Chance(1)));
    }

    [Theory]
    [InlineData("please prove it", 50, null, "deep")]
    [InlineData("hello", 5000, null, "long")]
    [InlineData("hello", 50, "gold", "gold")]
    [InlineData("Привет, как дела?", 50, null, "east")]
    [InlineData("hello", 50, null, "rest")]
    public void Content_FirstRuleThatFits_Decides(string text, int tokens, string? header, string tag)
    {
        RuleConfig[] rules =
        [
            new RuleConfig { To = "gold", Header = "x-tag", Matches = "^gold$" },
            new RuleConfig { To = "deep", Matches = "(?i)prove" },
            new RuleConfig { To = "long", MinTokens = 1000 },
            new RuleConfig { To = "east", Script = "cyrillic" },
        ];
        string[] tags = ["gold", "deep", "long", "east", "rest"];
        Candidate[] candidates = [.. tags.Select((name, id) => Ask.Member(id, name == "rest" ? 0 : 1) with { Tags = [name] })];
        int chosen = new ContentPolicy(rules).Choose(Ask.Of(text, tokens, header: header), candidates, new Chance(1));
        Assert.Equal(tag, tags[chosen]);
    }

    [Fact]
    public void Content_EvilExpression_TakesNoLongerForAnEvilText()
    {
        var policy = new ContentPolicy([new RuleConfig { To = "x", Matches = "^(a+)+$" }]);
        RouteRequest evil = Ask.Of(new string('a', 100_000) + "!");
        Assert.Equal(0, policy.Choose(evil, [Ask.Member(0)], new Chance(1))); // would not come back by backtracking
    }

    [Fact]
    public void LightDeep_NoRule_TakesTheLightUnlessThereIsNone()
    {
        var policy = new LightDeepPolicy([new RuleConfig { To = "deep", MinTokens = 1000 }]);
        Candidate light = Ask.Member(0, inFlight: 9) with { Tags = ["light"] }, deep = Ask.Member(1) with { Tags = ["deep"] };
        Assert.Equal(0, policy.Choose(Ask.Of("x", 10), [light, deep], new Chance(1)));
        Assert.Equal(1, policy.Choose(Ask.Of("x", 2000), [light, deep], new Chance(1)));
        Assert.Equal(0, policy.Choose(Ask.Of("x", 10), [deep], new Chance(1)));
    }

    [Fact]
    public void Session_MemberLeaves_MovesItsOwnSessionsOnly()
    {
        var policy = new SessionPolicy(null);
        Candidate[] four = [.. Enumerable.Range(0, 4).Select(id => Ask.Member(id))];
        int[] counts = new int[4];
        for (int user = 0; user < 2000; user++)
        {
            RouteRequest request = Ask.Of("x", user: $"u{user}");
            int before = policy.Choose(request, four, new Chance(1));
            Assert.Equal(before, policy.Choose(Ask.Of("y", user: $"u{user}"), four, new Chance(2)));
            int after = policy.Choose(request, four.AsSpan(0, 3), new Chance(1));
            if (before < 3)
                Assert.Equal(before, after);
            counts[before]++;
        }
        Assert.All(counts, count => Assert.InRange(count, 400, 600));
    }

    [Fact]
    public void Session_HotMember_PassesItsSurplusOn()
    {
        var policy = new SessionPolicy(null);
        RouteRequest same = Ask.Of("x", user: "one");
        int home = policy.Choose(same, Three(), new Chance(1));
        Candidate[] hot = Three();
        hot[home] = hot[home] with { InFlight = 30 };
        Assert.NotEqual(home, policy.Choose(same, hot, new Chance(1)));
    }

    private static Candidate[] Three() => [Ask.Member(0), Ask.Member(1), Ask.Member(2)];

    private static int[] Counts(string policy, int requests, Candidate[] candidates)
    {
        IRoutingPolicy made = PolicyRegistry.Create(new PoolConfig { Name = "p", Policy = policy, Members = [] });
        var chance = new Chance(3);
        int[] counts = new int[candidates.Length];
        for (int i = 0; i < requests; i++)
            counts[made.Choose(Any, candidates, chance)]++;
        return counts;
    }
}
