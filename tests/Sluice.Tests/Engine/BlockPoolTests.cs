using Sluice.Engine.Kv;

namespace Sluice.Tests.Engine;

public sealed class BlockPoolTests
{
    private const int BlockTokens = 4;

    [Fact]
    public void TryTake_Exhausted_SaysSo()
    {
        var pool = new BlockPool(2, BlockTokens);
        Assert.True(pool.TryTake(out int first));
        Assert.True(pool.TryTake(out int second));
        Assert.NotEqual(first, second);
        Assert.False(pool.TryTake(out _));
        pool.Release(second);
        Assert.True(pool.TryTake(out int again));
        Assert.Equal(second, again);
    }

    [Fact]
    public void TryFind_AfterRelease_StillFindsUntilTaken()
    {
        var pool = new BlockPool(2, BlockTokens);
        pool.TryTake(out int block);
        Publish(pool, block, 77, [1, 2, 3, 4]);
        pool.Release(block);
        Assert.Equal(block, Find(pool, 77, [1, 2, 3, 4]));
        pool.TryTake(out _); // the other one: it has been free longer
        Assert.Equal(block, Find(pool, 77, [1, 2, 3, 4]));
        pool.TryTake(out _);
        Assert.Null(Find(pool, 77, [1, 2, 3, 4]));
    }

    [Fact]
    public void TryFind_SameHashOtherTokensOrSalt_FindsNothing()
    {
        var pool = new BlockPool(2, BlockTokens);
        pool.TryTake(out int block);
        Publish(pool, block, 77, [1, 2, 3, 4]);
        Assert.Null(Find(pool, 77, [1, 2, 3, 5]));
        var salted = BlockPrefix.Beginning("tenant");
        Assert.False(pool.TryFind(77, [1, 2, 3, 4], ref salted, out _));
    }

    [Fact]
    public void TryFind_EqualBlockAfterAnotherPrefixOfTheSameHash_FindsNothing()
    {
        // Whoever can make hashes collide must not plant a block behind somebody else's prefix.
        var pool = new BlockPool(4, BlockTokens);
        pool.TryTake(out int honest);
        pool.TryTake(out int forged);
        pool.TryTake(out int planted);
        Assert.True(Publish(pool, honest, 1, [1, 1, 1, 1]));
        var prefix = BlockPrefix.Beginning(null);
        Assert.False(pool.TryPublish(forged, 1, [9, 9, 9, 9], ref prefix)); // same hash, so the chain of its sequence ends here
        var behindForged = BlockPrefix.EndingWith(12345);
        pool.TryPublish(planted, 2, [2, 2, 2, 2], ref behindForged);
        var behindHonest = BlockPrefix.Beginning(null);
        Assert.True(pool.TryFind(1, [1, 1, 1, 1], ref behindHonest, out _));
        Assert.False(pool.TryFind(2, [2, 2, 2, 2], ref behindHonest, out _));
    }

    [Fact]
    public void Share_AFreeCachedBlock_TakesItOffTheFreeList()
    {
        var pool = new BlockPool(1, BlockTokens);
        pool.TryTake(out int block);
        Publish(pool, block, 77, [1, 2, 3, 4]);
        pool.Release(block);
        pool.Share(block);
        Assert.Equal(0, pool.FreeBlocks);
        Assert.False(pool.TryTake(out _));
        pool.Share(block);
        pool.Release(block);
        Assert.Equal(0, pool.FreeBlocks);
        pool.Release(block);
        Assert.Equal(1, pool.FreeBlocks);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnySequenceOfCalls_AgreesWithANaiveTwin(int seed)
    {
        const int Blocks = 12;
        var random = new Random(seed);
        var pool = new BlockPool(Blocks, BlockTokens);
        var users = new int[Blocks];
        var published = new Dictionary<ulong, int>();
        var freeSince = Enumerable.Range(0, Blocks).Select(i => (long)i).ToArray();
        long clock = Blocks, evictions = 0;
        for (int step = 0; step < 20_000; step++)
        {
            int block = random.Next(Blocks);
            switch (random.Next(4))
            {
                case 0:
                    bool taken = pool.TryTake(out int got);
                    Assert.Equal(users.Contains(0), taken);
                    if (!taken)
                        break;
                    Assert.Equal(Enumerable.Range(0, Blocks).Where(b => users[b] == 0).MinBy(b => freeSince[b]), got);
                    users[got] = 1;
                    foreach (ulong hash in published.Where(p => p.Value == got).Select(p => p.Key).ToList())
                    {
                        published.Remove(hash);
                        evictions++;
                    }
                    break;
                case 1 when users[block] > 0:
                    pool.Release(block);
                    if (--users[block] == 0)
                        freeSince[block] = clock++;
                    break;
                case 2 when users[block] > 0 || published.ContainsValue(block):
                    pool.Share(block);
                    users[block]++;
                    break;
                case 3 when users[block] > 0:
                    ulong fresh = (ulong)random.Next(40);
                    Publish(pool, block, fresh, Tokens(fresh));
                    if (!published.ContainsKey(fresh) && !published.ContainsValue(block))
                        published[fresh] = block;
                    break;
            }
            Assert.Equal(users.Count(u => u == 0), pool.FreeBlocks);
            Assert.Equal(published.Values.Count(b => users[b] == 0), pool.CachedBlocks);
            Assert.Equal(evictions, pool.Evictions);
            ulong asked = (ulong)random.Next(40);
            Assert.Equal(published.TryGetValue(asked, out int expected) ? expected : null, Find(pool, asked, Tokens(asked)));
        }
    }

    private static int[] Tokens(ulong hash) => [(int)hash, 1, 2, 3];

    private static bool Publish(BlockPool pool, int block, ulong hash, int[] tokens)
    {
        var prefix = BlockPrefix.Beginning(null);
        return pool.TryPublish(block, hash, tokens, ref prefix);
    }

    private static int? Find(BlockPool pool, ulong hash, int[] tokens)
    {
        var prefix = BlockPrefix.Beginning(null);
        return pool.TryFind(hash, tokens, ref prefix, out int block) ? block : null;
    }
}
