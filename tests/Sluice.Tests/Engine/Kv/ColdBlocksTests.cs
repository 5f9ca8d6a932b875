using Sluice.Core.Errors;
using Sluice.Core.Steps;
using Sluice.Engine;
using Sluice.Engine.Kv;
using Sluice.Tests.Engine.Toy;

namespace Sluice.Tests.Engine.Kv;

public sealed class ColdBlocksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-cold-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int[] Prompt(int length, int seed) => [.. Enumerable.Range(0, length).Select(i => (i * 7 + seed) % 90)];

    [Fact]
    public async Task Prefix_EvictedFromMemory_IsReadBack()
    {
        using var toy = new ToyEngine(Options(blocks: 12, fileBlocks: 100));
        int[] first = Prompt(60, seed: 1), second = Prompt(80, seed: 2);
        int[] answer = (await ToyEngine.ReadAsync(toy.Submit(first, 5), Cancellation)).Tokens; // 64 tokens are stored: 8 blocks
        await ToyEngine.ReadAsync(toy.Submit(second, 5), Cancellation); // 11 more: most of the first have to go
        var again = toy.Submit(first, 5);
        Assert.Equal(answer, (await ToyEngine.ReadAsync(again, Cancellation)).Tokens);
        Assert.Equal(ToyModel.Generate(first, 5), answer);
        Assert.Equal(56, again.CachedTokens);
        await toy.IdleAsync(Cancellation);
        Assert.True(toy.Engine.Load.Kv.Cold is { Read: > 0, Written: > 0, Failed: false }, $"{toy.Engine.Load.Kv.Cold}");
    }

    [Fact]
    public async Task File_Full_ForgetsWhatWasUsedLongestAgo()
    {
        using var toy = new ToyEngine(Options(blocks: 12, fileBlocks: 10));
        int[][] prompts = [.. Enumerable.Range(0, 5).Select(i => Prompt(60, i))];
        foreach (int[] prompt in prompts)
            await ToyEngine.ReadAsync(toy.Submit(prompt, 5), Cancellation);
        await toy.IdleAsync(Cancellation);
        Assert.Equal(10, toy.Engine.Load.Kv.Cold.Blocks);
        Assert.Equal(0, toy.Engine.CachedTokens(toy.Request(prompts[0], 5).Prompt));
        Assert.Equal(56, toy.Engine.CachedTokens(toy.Request(prompts[^2], 5).Prompt));
    }

    [Fact]
    public async Task File_Made_HasNoNameAndTakesItsSpaceAtOnce()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there it has a name until it is closed");
        using (var toy = new ToyEngine(Options(blocks: 12, fileBlocks: 10)))
        {
            Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
            await ToyEngine.ReadAsync(toy.Submit([1, 2, 3], 5), Cancellation);
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        string noFolder = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(noFolder, "", Cancellation);
        var nowhere = Assert.Throws<SluiceException>(
            () => new ToyEngine(Options(blocks: 12, fileBlocks: 10) with { KvCacheFolder = noFolder }));
        Assert.Contains("name another folder or fewer bytes", nowhere.Message, StringComparison.Ordinal);
        var tooLittle = Assert.Throws<SluiceException>(() => new ToyEngine(Options(blocks: 12, fileBlocks: 10) with { KvCacheBytes = 5 }));
        Assert.Contains("allow it more", tooLittle.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Newcomer_ThatHasNoRoomYet_IsNotReadFromTheFile()
    {
        using var toy = new ToyEngine(Options(blocks: 12, fileBlocks: 100) with { MaxSequences = 2, MaxStepTokens = 4 });
        int[] first = Prompt(60, seed: 1);
        int[] answer = (await ToyEngine.ReadAsync(toy.Submit(first, 5), Cancellation)).Tokens;
        await ToyEngine.ReadAsync(toy.Submit(Prompt(80, seed: 2), 5), Cancellation); // the first go to the file
        long readBefore = toy.Engine.Load.Kv.Cold.Read;
        var lasting = toy.Submit(Prompt(70, seed: 3), 15); // 11 blocks of 12, in many steps
        var again = toy.Submit(first, 5); // 8 blocks: has to wait for all of them
        await ToyEngine.ReadAsync(lasting, Cancellation);
        Assert.Equal(answer, (await ToyEngine.ReadAsync(again, Cancellation)).Tokens);
        await toy.IdleAsync(Cancellation);
        Assert.Equal(56, again.CachedTokens);
        Assert.InRange(toy.Engine.Load.Kv.Cold.Read - readBefore, 1, 7); // its seven blocks once, not at every step that it waited
    }

    [Fact]
    public void File_Failed_IsLeftAloneFromThenOn()
    {
        using var cold = new ColdBlocks(_folder, 64, [16], new NoBlocks());
        Assert.True(cold.TryWrite(0, 0, slot: 1));
        Assert.True(cold.TryRead(0, slot: 1, 0));
        Assert.False(cold.TryRead(0, slot: 1000, 0)); // beyond its end
        Assert.False(cold.TryRead(0, slot: 1, 0));
        Assert.False(cold.Works);
        Assert.True(cold.Load.Failed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3, 0, 17)]
    [InlineData(4, 30)]
    public async Task RandomConversations_TightMemoryAndFile_AnswerAsIfNothingWasEverForgotten(int seed, params int[] windows)
    {
        var random = new Random(seed);
        var options = Options(blocks: windows.Length > 1 ? 30 : 20, fileBlocks: 60) with { MaxSequences = 4 };
        using var toy = new ToyEngine(options, windows: windows);
        var seen = windows.Select(window => new KvRetention(0, window)).ToArray();
        var conversations = Enumerable.Range(0, 8).Select(i => Prompt(10, i).ToList()).ToArray();
        for (int round = 0; round < 60; round++)
        {
            var turns = conversations.OrderBy(_ => random.Next()).Take(3).Select(async conversation =>
            {
                if (conversation.Count > 70)
                    conversation.RemoveRange(10, conversation.Count - 10);
                conversation.AddRange(Prompt(random.Next(1, 8), random.Next(90)));
                int[] prompt = [.. conversation];
                var generation = toy.Submit(prompt, random.Next(1, 16));
                int[] tokens = (await ToyEngine.ReadAsync(generation, Cancellation)).Tokens;
                Assert.Equal(ToyModel.Generate(prompt, tokens.Length, seen), tokens);
                conversation.AddRange(tokens);
            });
            await Task.WhenAll(turns.ToList());
        }
        await toy.IdleAsync(Cancellation);
        var load = toy.Engine.Load;
        Assert.Equal(load.Blocks, load.FreeBlocks);
        Assert.True(load.Kv.Cold is { Read: > 10, Failed: false }, $"{load.Kv.Cold}");
    }

    private EngineOptions Options(int blocks, int fileBlocks) => ToyEngine.Options(blocks, context: 90, sequences: 1) with
    {
        KvCacheFolder = _folder,
        KvCacheBytes = ToyEngine.BytesOf(fileBlocks),
    };

    private sealed class NoBlocks : IBlockBytes
    {
        public void SaveBlock(int group, int block, Span<byte> bytes) => bytes.Clear();

        public void LoadBlock(int group, int block, ReadOnlySpan<byte> bytes) { }
    }
}
