using System.Diagnostics.CodeAnalysis;
using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Core.Steps;
using Sluice.Engine.Adapters;
using Sluice.Engine.Embedding;
using Sluice.Engine.Kv;
using Sluice.Engine.Labels;
using Sluice.Engine.Requests;
using Sluice.Engine.Running;
using Sluice.Engine.Scheduling;
using Sluice.Engine.Speculation;
using Sluice.Models.Architectures;

namespace Sluice.Engine;

/// <summary>
/// Many requests over one model: submit, then read one event stream each. Owns the thread that steps, the KV blocks and the queue; borrows
/// the model, its backend and the device, which must outlive it. Safe from any thread.
/// </summary>
public sealed class LlmEngine : IDisposable
{
    private readonly ModelConfig _config;
    private readonly KvAllocator _kv;
    private readonly RequestQueue _queue;
    private readonly IdenticalRequests _identical = new();
    private readonly ModelRunner _runner;
    private readonly ColdBlocks? _cold;
    private readonly EngineLoop _loop;
    private readonly int _kvGroups;
    private readonly TimeProvider _time;
    private readonly Lock _lifetime = new();
    private long _number;
    private bool _disposed;

    /// <param name="time">What steps are measured by and deadlines end by; null takes the system's.</param>
    /// <param name="draft">A smaller model of the same vocabulary on the same backend, for drafts by model; borrowed too.</param>
    /// <exception cref="SluiceException">An option is out of range, or the KV of one full context does not fit; the
    /// message has the figures.</exception>
    public LlmEngine(
        string name, ILanguageModel model, IBackend backend, IComputeDevice device, EngineOptions options, TimeProvider? time = null,
        ILanguageModel? draft = null)
    {
        options.Validate();
        _time = time ?? TimeProvider.System;
        _config = model.Config;
        _kvGroups = model.KvGroups.Count;
        var capacity = KvCapacity.For(model, backend.Attention, device.Memory, options);
        Options = options with
        {
            ContextTokens = capacity.ContextTokens,
            KvBytes = capacity.Bytes,
            MaxStepTokens = options.StepTokens,
        };
        KvTokens = capacity.Tokens;
        _queue = new RequestQueue(options.MaxQueue);
        _runner = new ModelRunner(model, device, backend, capacity.Groups, capacity.Blocks, Options.MaxStepTokens,
            options.MaxSequences + Options.DraftRows);
        _cold = options is { KvCacheFolder: { } folder, PrefixCache: true }
            ? new ColdBlocks(folder, options.KvCacheBytes, [.. capacity.Groups.Select(backend.Attention.BlockBytes)], _runner)
            : null;
        _kv = new KvAllocator(capacity, options.PrefixCache, _runner.CopyBlock, _cold);
        var drafts = CreateDraft(draft, backend, device);
        _loop = new EngineLoop(
            $"engine {name}", Options, _time, _queue, _kv, _runner, _config.Vocabulary, _config.Dim, _kvGroups, drafts);
    }

    private IDraft? CreateDraft(ILanguageModel? model, IBackend backend, IComputeDevice device)
    {
        try
        {
            return DraftRegistry.Create(Options.Draft, model is null ? null
                : () => new ModelDraft(model, backend, device, Options, _config.Vocabulary, KvTokens, _time));
        }
        catch
        {
            _runner.Dispose(); // the model lives on, and what was leased so far would stay leased with it
            _cold?.Dispose();
            throw;
        }
    }

    /// <summary>The options in force: context and KV bytes as they came out of what the model and the memory allow.</summary>
    public EngineOptions Options { get; }

    /// <summary>Positions that all sequences together can have computed without any having to give way.</summary>
    public long KvTokens { get; }

    public EngineLoad Load => _loop.Load;

    /// <summary>Checks a prompt and hashes its blocks, on the caller's thread.</summary>
    /// <param name="cacheSalt">Prompts of different salts never share cached blocks.</param>
    /// <param name="retention">Which positions its tokens see; null takes <see cref="EngineOptions.Retention"/>.</param>
    /// <param name="adapter">Through which its tokens go; null for none.</param>
    /// <exception cref="SluiceException">An id or an embedding does not belong to this model, or the retention keeps nothing.</exception>
    public Prompt Prepare(
        IReadOnlyList<PromptSegment> segments, string? cacheSalt = null, KvRetention? retention = null, EngineAdapter? adapter = null)
    {
        retention?.Validate();
        var root = new PrefixRoot(cacheSalt, retention ?? Options.Retention, adapter);
        return Prompt.Create(segments, _config.Vocabulary, _config.Dim, Options.BlockTokens, root);
    }

    /// <summary>
    /// Lets no further request through an adapter and waits until the last of those there are has ended; what still runs after
    /// <paramref name="drain"/> ends with <see cref="FinishReason.Unloaded"/>. After that it may be detached from the model.
    /// </summary>
    public async Task CloseAdapterAsync(EngineAdapter adapter, TimeSpan drain)
    {
        var unused = adapter.Close();
        await unused.WaitAsync(drain, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // time is up: they are ended
        adapter.End();
        lock (_lifetime)
        {
            if (!_disposed)
                _loop.Wake();
        }
        await unused.ConfigureAwait(false);
    }

    /// <summary>Leading tokens of a prompt whose KV is stored now; by the time it runs they may be gone, or more.</summary>
    public int CachedTokens(Prompt prompt) => _kv.FindPrefix(prompt);

    /// <summary>Queues a request. It runs as soon as the scheduler has room; read <paramref name="generation"/> for what happens.</summary>
    public SubmitOutcome TrySubmit(GenerationRequest request, [NotNullWhen(true)] out Generation? generation)
    {
        int prompt = request.Prompt.Length;
        if (prompt == 0 || prompt >= Options.ContextTokens || request.MaxTokens < 1)
        {
            generation = null;
            return SubmitOutcome.DoesNotFit;
        }
        return TrySubmit(request, (int)Math.Min((long)prompt + request.MaxTokens, Options.ContextTokens), null, out generation);
    }

    /// <summary>
    /// Queues a request for an embedding, which runs in steps with all others. Its one event is the finish, which has the embedding:
    /// <see cref="GenerationEmbedding.ReadEmbeddingAsync"/> waits for it.
    /// </summary>
    public SubmitOutcome TrySubmit(PoolingRequest request, [NotNullWhen(true)] out Generation? generation)
    {
        int prompt = request.Prompt.Length;
        if (prompt == 0 || prompt > Options.ContextTokens)
        {
            generation = null;
            return SubmitOutcome.DoesNotFit;
        }
        var run = new GenerationRequest
        {
            Prompt = request.Prompt, Priority = request.Priority, Tenant = request.Tenant, Deadline = request.Deadline,
        };
        return TrySubmit(run, prompt, new HiddenPooler(request.Pooling, _config.Dim), out generation);
    }

    /// <summary>Queues a request for the scores of labels: its prompt is computed once, then the labels behind it, many in one step.</summary>
    /// <exception cref="SluiceException">There is no label, or one has no tokens or such as do not belong to this model.</exception>
    public SubmitOutcome TrySubmit(LabelRequest request, [NotNullWhen(true)] out LabelGeneration? generation)
    {
        generation = null;
        var scorer = new LabelScorer(new LabelTree(request.Labels, _config.Vocabulary), request.EndTokens, _config.Vocabulary);
        int length = request.Prompt.Length + scorer.Tree.Depth;
        if (request.Prompt.Length == 0 || length > Options.ContextTokens)
            return SubmitOutcome.DoesNotFit;
        var run = new GenerationRequest
        {
            Prompt = request.Prompt, Priority = request.Priority, Tenant = request.Tenant, Deadline = request.Deadline,
        };
        var outcome = TrySubmit(run, length, null, out var events, scorer);
        generation = events is null ? null : new LabelGeneration(events, scorer);
        return outcome;
    }

    private SubmitOutcome TrySubmit(
        GenerationRequest request, int maxLength, HiddenPooler? pooler, out Generation? generation, LabelScorer? scorer = null)
    {
        generation = null;
        if (!_kv.CanHold(maxLength, Options.MaxStepTokens, request.Prompt.Retention))
            return SubmitOutcome.DoesNotFit;
        Sequence? joined = null;
        var reader = new Generation(request, maxLength - request.Prompt.Length + 1, r => OnAbort(r, joined!));
        lock (_lifetime)
        {
            if (_disposed || _loop.Stopped)
                return SubmitOutcome.ShuttingDown;
            var adapter = request.Prompt.Adapter;
            if (adapter?.TryEnter() == false)
                return SubmitOutcome.AdapterGone;
            bool shares = Options.MergeIdentical && pooler is null && scorer is null && IdenticalRequests.CanShare(request);
            if (shares && _identical.TryJoin(reader, out joined))
            {
                adapter?.Leave(); // what it joined has a place of its own
                generation = reader;
                return SubmitOutcome.Accepted;
            }
            var labels = scorer is null ? null : new LabelPath(scorer, 0);
            joined = new Sequence(_number + 1, reader, maxLength, _kvGroups, Options.BlockTokens, pooler, OnEnd, labels);
            _number += 1 + (scorer?.Tree.Count ?? 0); // those that follow its own are its branches'
            if (shares)
                _identical.Add(joined); // before it can end
            if (!_queue.TryAdd(joined))
            {
                OnEnd(joined);
                return _loop.Stopped ? SubmitOutcome.ShuttingDown : SubmitOutcome.QueueFull; // it may have stopped just now
            }
            _loop.Wake();
        }
        generation = reader;
        return SubmitOutcome.Accepted;
    }

    /// <summary>Ends what still runs or waits, each with <see cref="FinishReason.Shutdown"/>, and frees the KV.</summary>
    public void Dispose()
    {
        lock (_lifetime)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        _loop.Dispose();
        _runner.Dispose();
        _cold?.Dispose();
    }

    /// <summary>Called once for each sequence, from whichever thread ends it.</summary>
    private void OnEnd(Sequence sequence)
    {
        _identical.Remove(sequence);
        sequence.Request.Prompt.Adapter?.Leave();
    }

    /// <summary>
    /// The aborter's own thread releases the place in the queue; what runs is ended by the engine's. What others read too goes on for them.
    /// </summary>
    private void OnAbort(Generation reader, Sequence sequence)
    {
        if (!sequence.Readers.TryLeave(reader) && _queue.TryRemove(sequence))
            sequence.Readers.Finish(FinishReason.Aborted);
    }
}
