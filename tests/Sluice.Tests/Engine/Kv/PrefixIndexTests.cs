using Sluice.Core.Steps;
using Sluice.Engine.Kv;

namespace Sluice.Tests.Engine.Kv;

public sealed class PrefixIndexTests
{
    private static readonly PrefixRoot Root = new(null, default);

    [Fact]
    public void TryFind_SameHashOtherTokensOrRoot_FindsNothing()
    {
        var index = new PrefixIndex(places: 1, blockTokens: 4, mostNodes: 10);
        Assert.True(index.TryAdd(Root, PrefixIndex.None, 77, [1, 2, 3, 4], out int node));
        Assert.True(index.TryFind(Root, PrefixIndex.None, 77, [1, 2, 3, 4], out int found));
        Assert.Equal(node, found);
        Assert.False(index.TryFind(Root, PrefixIndex.None, 77, [1, 2, 3, 5], out _));
        Assert.False(index.TryFind(new PrefixRoot("tenant", default), PrefixIndex.None, 77, [1, 2, 3, 4], out _));
        Assert.False(index.TryFind(new PrefixRoot(null, new KvRetention(0, 8)), PrefixIndex.None, 77, [1, 2, 3, 4], out _));
    }

    [Fact]
    public void TryAdd_ForgedHash_CannotPlantABlockBehindSomebodyElsesPrefix()
    {
        var index = new PrefixIndex(places: 1, blockTokens: 4, mostNodes: 10);
        Assert.True(index.TryAdd(Root, PrefixIndex.None, 1, [1, 1, 1, 1], out int honest));
        Assert.False(index.TryAdd(Root, PrefixIndex.None, 1, [9, 9, 9, 9], out _)); // so the chain of the forger's sequence ends here
        Assert.True(index.TryAdd(Root, PrefixIndex.None, 5, [9, 9, 9, 9], out int forged));
        Assert.True(index.TryAdd(Root, forged, 2, [2, 2, 2, 2], out _));
        Assert.False(index.TryFind(Root, honest, 2, [2, 2, 2, 2], out _));
    }

    [Fact]
    public void TryAdd_Full_IsRefusedUntilSomethingIsForgotten()
    {
        var index = new PrefixIndex(places: 1, blockTokens: 1, mostNodes: 2);
        index.TryAdd(Root, PrefixIndex.None, 1, [1], out int first);
        index.Hold(first);
        index.TryAdd(Root, first, 2, [2], out int second);
        index.Hold(second);
        Assert.False(index.TryAdd(Root, second, 3, [3], out _));
        index.Release(second);
        Assert.Equal(1, index.Count);
        Assert.True(index.TryAdd(Root, first, 3, [3], out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnySequenceOfCalls_AgreesWithANaiveTwin(int seed)
    {
        const int Places = 2, Depth = 4, Letters = 2;
        var random = new Random(seed);
        var index = new PrefixIndex(Places, blockTokens: 1, mostNodes: 1000);
        // The twin knows prefixes as strings, each with the block that every place has of it and how often it is held.
        var blocks = new Dictionary<string, int[]>();
        var holds = new Dictionary<string, int>();
        for (int step = 0; step < 5_000; step++)
        {
            string prefix = string.Concat(Enumerable.Range(0, random.Next(1, Depth + 1)).Select(_ => (char)('a' + random.Next(Letters))));
            int node = Find(index, prefix);
            Assert.Equal(IsKept(prefix), node != PrefixIndex.None);
            if (node == PrefixIndex.None)
            {
                int parent = Find(index, prefix[..^1]);
                if (prefix.Length > 1 && parent == PrefixIndex.None)
                    continue;
                Assert.True(index.TryAdd(Root, parent, HashOf(prefix), [prefix[^1]], out node));
                index.Hold(node);
                (blocks[prefix], holds[prefix]) = ([PrefixIndex.None, PrefixIndex.None], 1);
                continue;
            }
            int place = random.Next(Places);
            Assert.Equal(blocks[prefix][place], index.BlockOf(node, place));
            if (random.Next(2) == 0 && holds[prefix] > 0)
            {
                holds[prefix]--;
                index.Release(node);
            }
            else if (blocks[prefix][place] == PrefixIndex.None)
            {
                index.SetBlock(node, place, blocks[prefix][place] = step);
            }
            else
            {
                blocks[prefix][place] = PrefixIndex.None;
                index.ClearBlock(node, place);
            }
            Assert.Equal(blocks.Keys.Count(IsKept), index.Count);
        }

        // Something of it or of what continues it is wanted.
        bool IsKept(string prefix) => blocks.Keys.Any(other => other.StartsWith(prefix, StringComparison.Ordinal) &&
            (holds[other] > 0 || blocks[other].Any(block => block != PrefixIndex.None)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void FindPart_AnyContents_IsTheLongestBeginningInCommonThatEveryPlaceHas(int seed)
    {
        const int Places = 2, BlockTokens = 4;
        var random = new Random(seed);
        var index = new PrefixIndex(Places, BlockTokens, mostNodes: 100);
        var roots = new[] { Root, new PrefixRoot("tenant", default) };
        index.TryAdd(Root, PrefixIndex.None, 1, [9, 9, 9, 9], out int parent);
        index.Hold(parent);
        var known = new List<(PrefixRoot Root, int Parent, int[] Tokens, int Node)>();
        for (int step = 0; step < 3_000; step++)
        {
            int[] tokens = [.. Enumerable.Range(0, random.Next(1, BlockTokens)).Select(_ => random.Next(3))];
            var root = roots[random.Next(2)];
            int after = root == Root && random.Next(2) == 0 ? parent : PrefixIndex.None;
            int expected = known.Where(k => k.Root == root && k.Parent == after).Select(k => k.Tokens.AsSpan().CommonPrefixLength(tokens))
                .DefaultIfEmpty().Max();
            Assert.Equal(expected, index.FindPart(root, after, tokens, Places, out int found));
            Assert.Equal(expected > 0, known.Exists(k => k.Node == found));
            if (known.Count > 20)
            {
                var gone = known[random.Next(known.Count)];
                known.Remove(gone);
                index.ClearBlock(gone.Node, 0); // of which one place is enough
                Assert.NotEqual(gone.Node, FindPart(gone.Root, gone.Parent, gone.Tokens));
                index.ClearBlock(gone.Node, 1);
                continue;
            }
            bool whole = random.Next(2) == 0;
            int[] added = whole ? [.. tokens, .. Enumerable.Repeat(step + 10, BlockTokens - tokens.Length)] : tokens;
            Assert.Equal(whole || expected < tokens.Length, whole
                ? index.TryAdd(root, after, (ulong)step + 2, added, out int node)
                : index.TryAddPart(root, after, added, Places, out node));
            if (!whole && expected == tokens.Length)
                continue;
            Assert.Equal(!whole, index.IsPart(node));
            index.SetBlock(node, 0, step);
            index.SetBlock(node, 1, step);
            known.Add((root, after, added, node));
            Assert.Equal(1 + known.Count, index.Count);
        }

        int FindPart(PrefixRoot root, int after, int[] tokens)
        {
            index.FindPart(root, after, tokens.AsSpan(0, Math.Min(tokens.Length, BlockTokens - 1)), Places, out int node);
            return node;
        }
    }

    private static ulong HashOf(string prefix) => prefix.Aggregate(1UL, (hash, letter) => hash * 3 + letter - 'a');

    private static int Find(PrefixIndex index, string prefix)
    {
        int node = PrefixIndex.None;
        for (int n = 1; n <= prefix.Length; n++)
        {
            if (!index.TryFind(Root, node, HashOf(prefix[..n]), [prefix[n - 1]], out node))
                return PrefixIndex.None;
        }
        return node;
    }
}
