using System.Text;
using Sluice.Core.Errors;
using Sluice.Cpu;
using Sluice.Engine;
using Sluice.Local;
using Sluice.Local.Lifecycle;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Sluice.Tests.Models.Files;

namespace Sluice.Tests.Local.Lifecycle;

/// <summary>Models that come and go on one device, with a clock that the tests move.</summary>
public sealed class LocalModelsTests : IAsyncDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private static readonly LocalModelOptions Small = new()
    {
        Engine = new EngineOptions { ContextTokens = 256, MaxSequences = 2, MaxQueue = 4, MaxStepTokens = 64, KvBytes = 4 << 20 },
    };

    private readonly ManualTime _time = new();
    private readonly List<string> _loaded = [];
    private readonly List<string> _unloaded = [];
    private readonly List<IAsyncDisposable> _models = [];
    private CpuDevice _device = new(new CpuDeviceOptions { Threads = 1 });

    public async ValueTask DisposeAsync()
    {
        foreach (var models in _models)
            await models.DisposeAsync();
        Assert.Equal(0, _device.Memory.LeasedBytes);
        _device.Dispose();
    }

    [Fact]
    public void Sources_NothingAskedYet_AreListedAndNothingIsLoaded()
    {
        LocalModels models = Create(Idle);
        Assert.Equal(["demo", "demo-draft"], models.Sources.SelectMany(source => source.Info.Models));
        Assert.All(models.Sources, source => Assert.Equal(default, source.Load));
        Assert.Equal(0, _device.Memory.LeasedBytes);
    }

    [Fact]
    public async Task Answer_LoadedOnDemand_EqualsTheModelsOwn()
    {
        using LocalModel direct = LocalModel.Open(ModelLocator.Demo, Small, _device);
        string expected = await AskAsync(new LocalSource(direct, TimeProvider.System, new Random(1)));
        Assert.Equal(expected, await AskAsync(Create(Idle).Sources[0]));
        Assert.Equal(["demo"], _loaded);
    }

    [Fact]
    public async Task Answer_ManyFirstRequestsAtOnce_LoadOnce()
    {
        LocalModelSource demo = Create(Idle).Sources[0];
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => AskAsync(demo))));
        Assert.Single(answers.Distinct());
        Assert.Equal(["demo"], _loaded);
    }

    [Fact]
    public async Task Idle_LongEnough_UnloadsUntilTheNextRequest()
    {
        LocalModelSource demo = Create(Idle).Sources[0];
        string first = await AskAsync(demo);
        _time.Advance(Idle - TimeSpan.FromSeconds(1));
        Assert.Equal(first, await AskAsync(demo)); // which makes it wait anew
        _time.Advance(Idle - TimeSpan.FromSeconds(1));
        Assert.True(_device.Memory.LeasedBytes > 0);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((0, "demo"), (_device.Memory.LeasedBytes, Assert.Single(_unloaded)));
        Assert.Equal(first, await AskAsync(demo));
        Assert.Equal(["demo", "demo"], _loaded);
    }

    [Fact]
    public async Task Idle_WhileARequestRuns_DoesNotCount()
    {
        LocalModelSource demo = Create(Idle).Sources[0];
        using (Prepared prepared = await PrepareAsync(demo))
        {
            _time.Advance(2 * Idle);
            Assert.NotEmpty(await ReadAsync(demo, prepared));
        }
        Assert.Empty(_unloaded);
        _time.Advance(Idle);
        Assert.Equal(["demo"], _unloaded);
    }

    [Fact]
    public async Task Idle_TimerRingsBeforeTheClockIsThere_UnloadsWhenItIs()
    {
        LocalModelSource demo = Create(Idle).Sources[0];
        _time.Earliness = TimeSpan.FromSeconds(1);
        Assert.NotEmpty(await AskAsync(demo));
        _time.Advance(Idle - _time.Earliness);
        Assert.Empty(_unloaded);
        _time.Advance(_time.Earliness);
        Assert.Equal(["demo"], _unloaded);
    }

    [Fact]
    public async Task Loaded_WithoutAnIdleTime_Stays()
    {
        LocalModels models = Create(idle: null);
        await models.LoadAsync("demo", TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromDays(100));
        Assert.True(_device.Memory.LeasedBytes > 0);
    }

    [Fact]
    public async Task Unload_WhileARequestRuns_WaitsForItAndRefusesOthers()
    {
        LocalModels models = Create(Idle);
        LocalModelSource demo = models.Sources[0];
        Task unloading;
        using (Prepared prepared = await PrepareAsync(demo))
        {
            unloading = models.UnloadAsync("demo", TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
            var refusal = await Assert.ThrowsAsync<SourceException>(async () => await PrepareAsync(demo));
            Assert.Equal((SourceFailure.Unavailable, true), (refusal.Reason, refusal.RetryAfter > TimeSpan.Zero));
            Assert.NotEmpty(await ReadAsync(demo, prepared));
            Assert.False(unloading.IsCompleted);
        }
        await unloading;
        Assert.Equal(0, _device.Memory.LeasedBytes);
        Assert.NotEmpty(await AskAsync(demo));
    }

    [Fact]
    public async Task Unload_DrainTimeOver_EndsWhatRuns()
    {
        LocalModels models = Create(Idle);
        LocalModelSource demo = models.Sources[0];
        using Prepared prepared = await PrepareAsync(demo);
        Task unloading = models.UnloadAsync("demo", TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(5));
        await unloading;
        Assert.Equal(0, _device.Memory.LeasedBytes);
        var fault = await Assert.ThrowsAsync<SourceException>(() => ReadAsync(demo, prepared));
        Assert.Equal(SourceFailure.Unavailable, fault.Reason);
    }

    [Fact]
    public async Task Memory_ForOneOnly_TheUnusedOneMakesRoom()
    {
        LimitMemory(await BytesOfAsync(ModelLocator.Demo) + (1 << 20));
        LocalModels models = Create(Idle);
        string first = await AskAsync(models.Sources[0]);
        Assert.NotEmpty(await AskAsync(models.Sources[1]));
        Assert.Equal(["demo"], _unloaded);
        Assert.Equal(first, await AskAsync(models.Sources[0]));
        Assert.Equal(["demo", "demo-draft"], _unloaded);
    }

    [Fact]
    public async Task Memory_ForOneOnlyAndThatInUse_IsRefusedWithFigures()
    {
        LimitMemory(await BytesOfAsync(ModelLocator.Demo) + (1 << 20));
        LocalModels models = Create(Idle);
        using Prepared prepared = await PrepareAsync(models.Sources[0]);
        long leased = _device.Memory.LeasedBytes;
        var refusal = await Assert.ThrowsAsync<SourceException>(() => AskAsync(models.Sources[1]));
        Assert.Equal(SourceFailure.Unavailable, refusal.Reason);
        Assert.Matches(@"'demo-draft' cannot be loaded: .*\d+\.\d MiB", refusal.Message);
        Assert.Equal(leased, _device.Memory.LeasedBytes);
        Assert.NotEmpty(await ReadAsync(models.Sources[0], prepared));
    }

    [Fact]
    public async Task Memory_ForOneOnlyWithoutAnIdleTime_LoadsNoSecond()
    {
        LimitMemory(await BytesOfAsync(ModelLocator.Demo) + (1 << 20));
        LocalModels models = Create(idle: null);
        await models.LoadAsync("demo", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<MemoryExceededException>(() => models.LoadAsync("demo-draft", TestContext.Current.CancellationToken));
        Assert.Empty(_unloaded);
    }

    [Fact]
    public void Create_WeightsBeyondTheWholeBudget_IsRefusedWithFigures()
    {
        LimitMemory(1 << 20);
        var refusal = Assert.Throws<MemoryExceededException>(() => Create(Idle));
        Assert.Matches(@"weights of 'demo' are \d+\.\d MiB, more than the whole memory budget of 1\.0 MiB", refusal.Message);
    }

    [Fact]
    public void Create_ADamagedFile_IsRefusedAtOnce()
    {
        using var folder = new TempFolder();
        string path = folder.Write("broken.gguf", "GGUF"u8.ToArray());
        Assert.Throws<ModelFileException>(() => Create(Idle, ModelLocator.Demo, path));
    }

    [Fact]
    public void Create_TwoOfOneName_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Create(Idle, ModelLocator.Demo, ModelLocator.Demo));

    [Fact]
    public async Task Load_UnknownName_ListsTheKnownOnes()
    {
        var refusal = await Assert.ThrowsAsync<SluiceException>(
            () => Create(Idle).LoadAsync("nobody", TestContext.Current.CancellationToken));
        Assert.Contains("demo, demo-draft", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_WhoIsToldOfItThrows_LeavesNothingOpen()
    {
        var options = new LocalModelsOptions { Model = Small, Loaded = _ => throw new SluiceException("not this one") };
        await using var models = new LocalModels(_device, [ModelLocator.Demo], options, _time, new Random(1));
        var refusal = await Assert.ThrowsAsync<SluiceException>(() => models.LoadAsync("demo", TestContext.Current.CancellationToken));
        Assert.Equal("not this one", refusal.Message);
        Assert.Equal(0, _device.Memory.LeasedBytes);
    }

    /// <summary>
    /// Requests, idleness and unloading in any order: every answer is whole or refused as unavailable, and nothing is left over.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Traffic_WhileModelsComeAndGo_LosesNothing(int seed)
    {
        var random = new Random(seed);
        LocalModels models = Create(TimeSpan.FromSeconds(1));
        string[] expected = [await AskAsync(models.Sources[0]), await AskAsync(models.Sources[1])];
        var answers = new List<(int Model, Task<string> Answer)>();
        var unloads = new List<Task>();
        for (int i = 0; i < 60; i++)
        {
            int model = random.Next(2);
            answers.Add((model, Task.Run(() => AskAsync(models.Sources[model]))));
            if (random.Next(6) == 0)
                _time.Advance(TimeSpan.FromSeconds(2));
            if (random.Next(8) == 0)
                unloads.Add(models.UnloadAsync("demo", TimeSpan.FromHours(1), TestContext.Current.CancellationToken));
            await Task.Delay(random.Next(10), TestContext.Current.CancellationToken);
        }
        int whole = 0;
        foreach (var (model, answer) in answers)
        {
            try
            {
                Assert.Equal(expected[model], await answer);
                whole++;
            }
            catch (SourceException e) when (e.Reason is SourceFailure.Unavailable or SourceFailure.Busy)
            {
                // Unloading just then, or more at once than may wait here.
            }
        }
        await Task.WhenAll(unloads);
        Assert.True(whole > 10, $"only {whole} of 60 were answered");
        Assert.True(_unloaded.Count > 0);
        await models.UnloadAsync("demo", TimeSpan.Zero, TestContext.Current.CancellationToken);
        await models.UnloadAsync("demo-draft", TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Equal(0, _device.Memory.LeasedBytes);
    }

    private LocalModels Create(TimeSpan? idle, params string[] names)
    {
        var options = new LocalModelsOptions
        {
            Model = Small,
            IdleUnload = idle,
            Loaded = model => { lock (_loaded) _loaded.Add(model.Name); },
            Unloaded = name => { lock (_unloaded) _unloaded.Add(name); },
        };
        var models = new LocalModels(
            _device, names.Length > 0 ? names : [ModelLocator.Demo, ModelLocator.DemoDraft], options, _time, new Random(1));
        _models.Add(models);
        return models;
    }

    private void LimitMemory(long bytes)
    {
        _device.Dispose();
        _device = new CpuDevice(new CpuDeviceOptions { Threads = 1, MemoryBytes = bytes });
    }

    private static async Task<long> BytesOfAsync(string name)
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        using LocalModel model = LocalModel.Open(name, Small, device);
        await AskAsync(new LocalSource(model, TimeProvider.System, new Random(1))); // scratch memory is leased as it is needed
        return device.Memory.LeasedBytes;
    }

    private static async Task<string> AskAsync(ICompletionSource source)
    {
        using Prepared prepared = await PrepareAsync(source);
        return await ReadAsync(source, prepared);
    }

    private static ValueTask<Prepared> PrepareAsync(ICompletionSource source)
    {
        string body =
            """{"model":"any","messages":[{"role":"user","content":"What is the capital of Portugal?"}],"temperature":0,"max_tokens":12}""";
        return source.PrepareAsync(
            new Request(Encoding.UTF8.GetBytes(body), new OpenAiChatDialect()), new RequestContext("test"),
            TestContext.Current.CancellationToken);
    }

    private static async Task<string> ReadAsync(ICompletionSource source, Prepared prepared)
    {
        var text = new StringBuilder();
        string? finish = null;
        await foreach (CompletionEvent e in source.CompleteAsync(prepared, TestContext.Current.CancellationToken))
        {
            text.Append(e.Text);
            finish = e.FinishReason ?? finish;
        }
        Assert.NotNull(finish);
        return text.ToString();
    }
}
