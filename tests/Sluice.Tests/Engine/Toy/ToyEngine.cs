using Sluice.Core;
using Sluice.Core.Steps;
using Sluice.Engine;
using Sluice.Engine.Requests;

namespace Sluice.Tests.Engine.Toy;

/// <summary>An engine over the toy model, and short ways to ask it.</summary>
internal sealed class ToyEngine : IDisposable
{
    public ToyEngine(EngineOptions options, TimeProvider time)
        : this(options, time, 1 << 20, [])
    {
    }

    /// <param name="trainedFor">The model's own context.</param>
    /// <param name="windows">As <see cref="ToyModel"/> has them.</param>
    public ToyEngine(EngineOptions options, int trainedFor = 1 << 20, params int[] windows)
        : this(options, TimeProvider.System, trainedFor, windows)
    {
    }

    /// <param name="draft">Writes ahead.</param>
    public ToyEngine(EngineOptions options, ToyModel draft, TimeProvider? time = null, params int[] windows)
        : this(options with { Draft = "model" }, time ?? TimeProvider.System, 1 << 20, windows, draft)
    {
    }

    private ToyEngine(EngineOptions options, TimeProvider time, int trainedFor, int[] windows, ToyModel? draft = null)
    {
        Model = new ToyModel(trainedFor, windows);
        Engine = new LlmEngine("toy", Model, new ToyBackend(), new ToyDevice(), options, time, draft);
    }

    public ToyModel Model { get; }

    public LlmEngine Engine { get; }

    /// <summary>KV bytes of this many blocks of 8 tokens.</summary>
    public static long BytesOf(int blocks) => new ToyBackend().BlockBytes(new ToyModel().KvGroups[0].Spec(DType.F32, 8)) * blocks;

    public static EngineOptions Options(int blocks, int context, int sequences = 4, int stepTokens = 16, int queue = 1000) => new()
    {
        BlockTokens = 8, KvType = DType.F32, KvBytes = BytesOf(blocks), ContextTokens = context, MaxSequences = sequences,
        MaxStepTokens = stepTokens, MaxQueue = queue,
    };

    public GenerationRequest Request(int[] prompt, int count, int priority = 0, KvRetention? retention = null) =>
        new() { Prompt = Engine.Prepare([new PromptSegment.Tokens(prompt)], retention: retention), MaxTokens = count, Priority = priority };

    public Generation Submit(int[] prompt, int count, int priority = 0, KvRetention? retention = null)
    {
        Assert.Equal(SubmitOutcome.Accepted, Engine.TrySubmit(Request(prompt, count, priority, retention), out var generation));
        return generation!;
    }

    /// <summary>Reads to the end: the tokens and the one finish.</summary>
    public static async Task<(int[] Tokens, GenerationEvent End)> ReadAsync(Generation generation, CancellationToken cancellation)
    {
        var tokens = new List<int>();
        GenerationEvent? end = null;
        await foreach (var e in generation.ReadAllAsync(cancellation))
        {
            Assert.Null(end); // nothing comes after the finish
            if (e.Finish is null)
                tokens.Add(e.Token);
            else
                end = e;
        }
        Assert.NotNull(end);
        return ([.. tokens], end.Value);
    }

    /// <summary>Waits until the engine has nothing to do and has said so.</summary>
    public async Task IdleAsync(CancellationToken cancellation)
    {
        // What the scheduler has just taken from the queue runs an instant before the load says so, which a single look may meet.
        for (int looks = 0; looks < 2; looks++)
        {
            for (; Engine.Load.Running + Engine.Load.Waiting > 0; looks = 0)
                await Task.Delay(1, cancellation);
            await Task.Delay(20, cancellation);
        }
    }

    public void Dispose() => Engine.Dispose();
}
