using Sluice.Gateway.Routing;
using Sluice.Tests.Gateway.Fakes;

namespace Sluice.Tests.Gateway.Routing;

public sealed class PrefixPolicyTests
{
    private static readonly string Long = string.Concat(Enumerable.Range(0, 2000).Select(i => $"word{i} "));

    private readonly PrefixPolicy _policy = new();
    private readonly Chance _chance = new(1);

    [Fact]
    public void Choose_SameConversationGrows_StaysWhereItIsCached()
    {
        int home = _policy.Choose(Ask.Conversation(3000, null, null, Long), Two(), _chance);
        for (int turn = 1; turn < 10; turn++)
        {
            string[] messages = [Long, .. Enumerable.Range(0, 2 * turn).Select(i => $"turn {i}")];
            Assert.Equal(home, _policy.Choose(Ask.Conversation(3000 + turn, null, null, messages), Two(), _chance));
        }
    }

    /// <summary>Two conversations that differ in an early turn share nothing behind it, and nothing behind the first block is left out.</summary>
    [Fact]
    public void Blocks_OfAConversation_HashAllOfItInOrder()
    {
        string late = new('x', 4 * ConversationBlocks.BlockChars);
        ConversationBlocks one = Ask.Conversation(1, null, null, Long, "b", late).Blocks;
        ConversationBlocks other = Ask.Conversation(1, null, null, Long, "B", late).Blocks;
        int shared = one.Hashes.CommonPrefixLength(other.Hashes);
        Assert.InRange(shared, Long.Length / ConversationBlocks.BlockChars, (Long.Length / ConversationBlocks.BlockChars) + 1);
        Assert.True(one.Hashes.Length >= shared + 3);
        Assert.NotEqual(one.Hashes[^1], other.Hashes[^1]);
    }

    /// <summary>A warm replica with a queue is worth less than a cold one without.</summary>
    [Fact]
    public void Choose_WarmReplicaHasAQueue_ColdReplicaIsNotStarved()
    {
        Candidate warm = Ask.Member(0) with { CachedTokens = 900 }, cold = Ask.Member(1) with { CachedTokens = 0 };
        RouteRequest request = Ask.Of("x", tokens: 1000);
        Assert.Equal(0, _policy.Choose(request, [warm, cold], _chance));
        Assert.Equal(0, _policy.Choose(request, [warm with { QueuedTokens = 800 }, cold], _chance));
        Assert.Equal(1, _policy.Choose(request, [warm with { QueuedTokens = 1000 }, cold], _chance)); // it sees queued tokens
        Assert.Equal(1, _policy.Choose(request, [warm with { InFlight = 40 }, cold], _chance));
    }

    [Fact]
    public void Choose_LowLoadAndDifferentPrompts_DoesNotPinEverythingOnTheFirst()
    {
        int[] counts = new int[4];
        Candidate[] four = [.. Enumerable.Range(0, 4).Select(id => Ask.Member(id))];
        for (int i = 0; i < 400; i++)
            counts[_policy.Choose(Ask.Of($"{i} {Long}", tokens: 3000), four, _chance)]++;
        Assert.All(counts, count => Assert.InRange(count, 90, 110));
    }

    /// <summary>A short beginning that all share is no reason to send all to whoever saw it first.</summary>
    [Fact]
    public void Choose_LowLoadAndAShortCommonBeginning_StillSpreads()
    {
        int[] counts = new int[2];
        for (int i = 0; i < 200; i++)
        {
            string own = string.Concat(Enumerable.Repeat($"{i} ", 2000));
            counts[_policy.Choose(Ask.Of($"{Long[..512]} {own}", tokens: 2000), Two(), _chance)]++;
        }
        Assert.All(counts, count => Assert.InRange(count, 80, 120));
    }

    [Fact]
    public void Choose_EndlessDifferentPrompts_RemembersNoMoreThanItsBound()
    {
        var small = new PrefixPolicy(rememberedBlocks: 100);
        for (int i = 0; i < 300; i++)
            small.Choose(Ask.Of($"{i} {Long}", tokens: 3000), Two(), _chance);
        Assert.Equal(100, small.RememberedCount);
    }

    [Fact]
    public void Match_SeveralMembers_CountsTheUnbrokenBeginningOfEach()
    {
        var index = new PrefixIndex(1000);
        index.Add([1, 2, 3, 4], member: 0);
        index.Add([1, 2, 9], member: 1);
        Span<int> matched = stackalloc int[3];
        index.Match([1, 2, 3, 7, 4], matched);
        Assert.Equal([3, 2, 0], matched.ToArray());
    }

    private static Candidate[] Two() => [Ask.Member(0), Ask.Member(1)];
}
