using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Engine;
using Sluice.Engine.Kv;
using Sluice.Engine.Requests;
using Sluice.Engine.Scheduling;

namespace Sluice.Tests.Engine.Scheduling;

/// <summary>A scheduler without an engine around it: steps are "computed" by appending a made-up token.</summary>
internal sealed class SchedulerRig
{
    public const int BlockTokens = 8;

    private readonly KvAllocator _kv;
    private long _number;

    public SchedulerRig(int blocks = 4096, int sequences = 16, int stepTokens = 512, int queue = 10_000,
        Batching batching = Batching.Continuous)
    {
        Options = new EngineOptions
        {
            BlockTokens = BlockTokens, MaxSequences = sequences, MaxStepTokens = stepTokens, MaxQueue = queue, Batching = batching,
        };
        var group = new KvGroupSpec(1, 1, 1, BlockTokens, DType.F32);
        _kv = new KvAllocator(new KvCapacity([group], [blocks], 0, 0, 0) { MostPrefixes = 2 * blocks }, prefixCache: true, (_, _, _) => { });
        Queue = new RequestQueue(queue);
        Scheduler = new Scheduler(Options, _kv, Queue);
    }

    public EngineOptions Options { get; }

    public RequestQueue Queue { get; }

    public Scheduler Scheduler { get; }

    public StepPlan Plan { get; } = new();

    public PromptLimits Limits { get; set; } = new(Beside: 32, Alone: 128);

    public int Steps { get; private set; }

    /// <summary>Tokens computed so far.</summary>
    public long Computed { get; private set; }

    /// <summary>Those that had the end of the stream, in that order.</summary>
    public List<Sequence> Finished { get; } = [];

    public int FreeBlocks => _kv.Load.FreeBlocks;

    public int Waiting => Queue.Count;

    /// <param name="seed">Prompts of different seeds share nothing.</param>
    public Sequence Submit(int promptTokens, int answerTokens = 1, int seed = 0, int priority = 0, string? tenant = null)
    {
        int[] ids = [.. Enumerable.Range(0, promptTokens).Select(i => (i * 31 + seed * 17 + 5) % 997)];
        return Submit(ids, answerTokens, priority, tenant);
    }

    public Sequence Submit(int[] ids, int answerTokens, int priority = 0, string? tenant = null)
    {
        var sequence = Create(ids, answerTokens, priority, tenant);
        Assert.True(Queue.TryAdd(sequence));
        return sequence;
    }

    /// <summary>One that is not in the queue yet.</summary>
    public Sequence Create(int[] ids, int answerTokens, int priority = 0, string? tenant = null)
    {
        var request = new GenerationRequest
        {
            Prompt = Prompt.Create([new PromptSegment.Tokens(ids)], 1000, 1, BlockTokens, default), Priority = priority, Tenant = tenant,
        };
        Sequence? sequence = null;
        var generation = new Generation(request, answerTokens + 1, _ => Queue.TryRemove(sequence!));
        sequence = new Sequence(++_number, generation, ids.Length + answerTokens, 1, BlockTokens);
        return sequence;
    }

    /// <summary>Plans and "computes" one step; returns whether there was anything to do.</summary>
    public bool Step()
    {
        Steps++;
        Scheduler.Plan(Plan, Limits);
        Assert.True(Plan.Entries.Count > 0 || Scheduler.Running.Count == 0, "somebody runs, but nothing was planned");
        foreach (var planned in Plan.Entries.ToList())
        {
            var sequence = planned.Sequence;
            Computed += planned.Tokens;
            Scheduler.Advance(planned);
            if (!planned.Samples)
                continue;
            sequence.Append((int)(sequence.Number * 7 + sequence.Length) % 1000);
            if (sequence.Length < sequence.MaxLength)
                continue;
            Finished.Add(sequence);
            Scheduler.Remove(sequence);
        }
        return Plan.Entries.Count > 0;
    }

    /// <summary>Steps until this sequence has its first token; returns how many it took.</summary>
    public int StepsToFirstToken(Sequence sequence)
    {
        int before = Steps;
        while (sequence.Length == sequence.PromptLength)
            Assert.True(Step(), "there is nothing to do any more");
        return Steps - before;
    }

    public void Drain()
    {
        while (Step())
        {
            Assert.True(Steps < 1_000_000, "it does not come to an end");
        }
    }

    public static int CachedTokens(Sequence sequence)
    {
        var reader = new Generation(sequence.Request, sequence.MaxLength, _ => { });
        Assert.True(sequence.Readers.TryJoin(reader, sequence.Answer));
        return reader.CachedTokens;
    }

    /// <summary>How many of a sequence's tokens the last step computed.</summary>
    public int PlannedFor(Sequence sequence) => Plan.Entries.Where(e => e.Sequence == sequence).Sum(e => e.Tokens);
}
