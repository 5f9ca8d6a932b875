using Sluice.Engine.Kv;

namespace Sluice.Tests.Engine.Kv;

public sealed class BlockPoolTests
{
    [Fact]
    public void TryTake_Exhausted_SaysSo()
    {
        var pool = new BlockPool(2);
        Assert.True(pool.TryTake(out int first, out _));
        Assert.True(pool.TryTake(out int second, out _));
        Assert.NotEqual(first, second);
        Assert.False(pool.TryTake(out _, out _));
        pool.Release(second);
        Assert.True(pool.TryTake(out int again, out _));
        Assert.Equal(second, again);
    }

    [Fact]
    public void Share_AFreeCachedBlock_TakesItOffTheFreeList()
    {
        var pool = new BlockPool(1);
        pool.TryTake(out int block, out _);
        pool.Label(block, 77);
        pool.Release(block);
        pool.Share(block);
        Assert.Equal(0, pool.FreeBlocks);
        Assert.False(pool.TryTake(out _, out _));
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
        var pool = new BlockPool(Blocks);
        var users = new int[Blocks];
        var nodes = Enumerable.Repeat(PrefixIndex.None, Blocks).ToArray();
        var freeSince = Enumerable.Range(0, Blocks).Select(i => (long)i).ToArray();
        var pinned = new HashSet<int>();
        long clock = Blocks, evictions = 0;
        int nextNode = 0;
        for (int step = 0; step < 20_000; step++)
        {
            int block = random.Next(Blocks);
            switch (random.Next(5))
            {
                case 0:
                    bool taken = pool.TryTake(out int got, out int evicted);
                    Assert.Equal(users.Contains(0), taken);
                    if (!taken)
                        break;
                    Assert.Equal(Enumerable.Range(0, Blocks).Where(b => users[b] == 0).MinBy(b => (pinned.Contains(b), freeSince[b])), got);
                    pinned.Remove(got);
                    Assert.Equal(nodes[got], evicted);
                    evictions += evicted == PrefixIndex.None ? 0 : 1;
                    nodes[got] = PrefixIndex.None;
                    users[got] = 1;
                    break;
                case 1 when users[block] > 0:
                    pool.Release(block);
                    if (--users[block] == 0)
                        freeSince[block] = clock++;
                    break;
                case 2 when nodes[block] != PrefixIndex.None:
                    pool.Share(block);
                    users[block]++;
                    break;
                case 3 when users[block] > 0 && nodes[block] == PrefixIndex.None:
                    pool.Label(block, nodes[block] = nextNode++);
                    break;
                case 4 when nodes[block] != PrefixIndex.None:
                    bool room = pinned.Contains(block) || pinned.Count < Blocks / 4;
                    if (!room && pinned.Where(b => users[b] == 0).OrderBy(b => freeSince[b]).Cast<int?>().FirstOrDefault() is { } oldest)
                    {
                        pinned.Remove(oldest);
                        freeSince[oldest] = clock++; // behind all that is free and not pinned
                        room = true;
                    }
                    Assert.Equal(room, pool.TryPin(block));
                    if (room && pinned.Add(block) && users[block] == 0)
                        freeSince[block] = clock++;
                    break;
            }
            Assert.Equal(pinned.Count, pool.PinnedBlocks);
            Assert.Equal(users.Count(u => u == 0), pool.FreeBlocks);
            Assert.Equal(Enumerable.Range(0, Blocks).Count(b => users[b] == 0 && nodes[b] != PrefixIndex.None), pool.CachedBlocks);
            Assert.Equal(evictions, pool.Evictions);
        }
    }
}
