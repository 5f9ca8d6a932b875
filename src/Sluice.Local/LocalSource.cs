using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sluice.Engine.Text;
using Sluice.Local.Answers;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Local;

/// <summary>A model in this process as a source. It borrows the model; whoever opened that disposes it.</summary>
public sealed class LocalSource : ICompletionSource, IEmbeddingSource, IScoringSource, IAlikeSource, ILoadReporter
{
    private readonly LocalModel _model;
    private readonly LocalPrompts _prompts;
    private readonly LocalSubmission _submission;
    private readonly LocalEmbeddings _embeddings;
    private readonly LocalScoring _scoring;
    private readonly LocalLogprobs _logprobs;
    private readonly DateTimeOffset _created;

    /// <param name="random">Seeds requests that bring no seed.</param>
    /// <param name="family">The same for sources over the same files with the same options; null where it is the only one.</param>
    /// <param name="adapter">What it answers through, whatever a request calls it: an adapter's name, or nothing for the model itself;
    /// null goes by the request.</param>
    public LocalSource(LocalModel model, TimeProvider time, Random random, object? family = null, string? adapter = null)
    {
        _model = model;
        Family = family ?? this;
        _prompts = new LocalPrompts(model, time, NameOf(model, adapter));
        _submission = new LocalSubmission(model, random);
        _embeddings = new LocalEmbeddings(model, _prompts);
        _scoring = new LocalScoring(model, _prompts);
        _logprobs = new LocalLogprobs(model);
        _created = time.GetUtcNow();
        Capabilities = new SourceCapabilities(model.Engine.Options.ContextTokens, Chat: true);
    }

    internal LocalModel Model => _model;

    public SourceInfo Info => new(_model.Name, _model.ServedNames, _created);

    public SourceCapabilities Capabilities { get; }

    public object Family { get; }

    public SourceLoad Load
    {
        get
        {
            var load = _model.Engine.Load;
            return new SourceLoad(load.Running, load.Waiting, load.Kv.UsedBlocks, load.Kv.CachedBlocks, load.Kv.Blocks)
            {
                KvBlocksPinned = load.Kv.PinnedBlocks,
                PrefixHitTokens = load.Kv.HitTokens,
                PrefixMissTokens = load.Kv.MissTokens,
                KvEvictions = load.Kv.Evictions,
                ColdBlocks = load.Kv.Cold.Blocks,
                ColdReads = load.Kv.Cold.Read,
                ColdWrites = load.Kv.Cold.Written,
                ColdFailed = load.Kv.Cold.Failed,
                Preemptions = load.Preemptions,
                PromptTokensComputed = load.PromptTokens,
                TokensGenerated = load.GeneratedTokens,
                DraftTokensProposed = load.Drafts.Proposed,
                DraftTokensAccepted = load.Drafts.Accepted,
                DraftFailed = load.Drafts.Failed,
            };
        }
    }

    public async ValueTask<Prepared> PrepareAsync(Request request, RequestContext context, CancellationToken cancellation)
    {
        await LeaveCallersThread();
        var prompts = _prompts.Make(request.View, context);
        LocalLogprobs.Check(request.View, prompts);
        Outlook outlook = Look(prompts);
        return new LocalPrepared(request, context, prompts)
        {
            PromptTokens = prompts.Sum(p => p.Prompt.Length),
            PrefixBlocks = prompts[0].Prompt.BlockHashes,
            CachedTokens = outlook.CachedTokens,
            QueuedTokens = outlook.QueuedTokens,
            ExpectedWait = outlook.ExpectedWait,
            Grammar = LocalGrammars.Of(_model, request.View),
        };
    }

    public Outlook Look(Prepared prepared) => Look(((LocalPrepared)prepared).Prompts);

    public IAsyncEnumerable<CompletionEvent> CompleteAsync(Prepared prepared, CancellationToken cancellation)
    {
        var view = prepared.Request.View;
        return view.BestOf is { } bestOf
            ? LocalBestOf.ChooseAsync(view, bestOf, RunAsync((LocalPrepared)prepared, bestOf, cancellation), cancellation)
            : RunAsync((LocalPrepared)prepared, view.Choices, cancellation);
    }

    /// <param name="choicesPerPrompt">How many to make, whatever the request wants to have of them.</param>
    private async IAsyncEnumerable<CompletionEvent> RunAsync(
        LocalPrepared prepared, int choicesPerPrompt, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var view = prepared.Request.View;
        var choices = Submit(prepared, choicesPerPrompt);
        int completionTokens = 0, left = choices.Count;
        try
        {
            foreach (var ofOnePrompt in view.Echo ? choices.Chunk(choicesPerPrompt) : [])
            {
                var prompt = ofOnePrompt[0].Prompt;
                var logprobs = view.Logprobs is { } best
                    ? await _logprobs.OfPromptAsync(prompt, best, cancellation).ConfigureAwait(false) : null;
                foreach (var choice in ofOnePrompt)
                    yield return new CompletionEvent(choice.Index, prompt.Text!, Logprobs: logprobs);
            }
            await foreach (var (choice, e) in Read(choices, view.Stop, cancellation).ConfigureAwait(false))
            {
                completionTokens += e.Finish is null ? 0 : e.Tokens;
                foreach (var said in choice.Answer.Read(choice.Index, e, _logprobs.Of(e.Scores)))
                {
                    bool last = said.FinishReason is not null && --left == 0;
                    yield return said with { Usage = last ? UsageOf(choices, completionTokens) : null };
                }
                if (choice.Answer.IsComplete)
                    choice.Generation.Abort();
            }
        }
        finally
        {
            foreach (var choice in choices)
                choice.Generation.Dispose();
        }
    }

    public async Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, RequestContext context, CancellationToken cancellation)
    {
        await LeaveCallersThread();
        return await _embeddings.EmbedAsync(request.View, context, cancellation).ConfigureAwait(false);
    }

    public async Task<ScoringResult> ScoreAsync(ScoringRequest request, RequestContext context, CancellationToken cancellation)
    {
        await LeaveCallersThread();
        return await _scoring.ScoreAsync(request, context, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// To tokenise a long prompt or compile a schema takes milliseconds, and a server's caller may be the thread of all its sockets.
    /// </summary>
    private static ConfiguredTaskAwaitable LeaveCallersThread() => Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    private static string? NameOf(LocalModel model, string? adapter) =>
        adapter is { Length: > 0 } ? $"{model.Name}{LocalModel.AdapterMark}{adapter}" : adapter is null ? null : model.Name;

    private Outlook Look(IReadOnlyList<LocalPrompt> prompts)
    {
        var load = _model.Engine.Load;
        return new Outlook(
            prompts.Sum(p => _model.Engine.CachedTokens(p.Prompt)),
            (int)Math.Min(int.MaxValue, load.WaitingTokens + load.PendingTokens), load.ExpectedWait);
    }

    private static Usage UsageOf(List<LocalChoice> choices, int completionTokens) => new(
        choices.DistinctBy(c => c.Prompt).Sum(c => c.Prompt.Prompt.Length), completionTokens,
        choices.DistinctBy(c => c.Prompt).Sum(c => c.Generation.CachedTokens))
    {
        AcceptedPredictionTokens = choices.Sum(c => c.Generation.AcceptedTokens),
        RejectedPredictionTokens = choices.Sum(c => c.Generation.ProposedTokens - c.Generation.AcceptedTokens),
    };

    /// <summary>All choices' events as they come, after what is echoed.</summary>
    private async IAsyncEnumerable<(LocalChoice Choice, TextEvent Event)> Read(
        List<LocalChoice> choices, IReadOnlyList<string> stop, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (choices is [var only])
        {
            await foreach (var e in TextOf(only, stop, cancellation).ConfigureAwait(false))
                yield return (only, e);
            yield break;
        }
        // Bounded, so that a slow reader holds back the detokenising, not the engine: a generation's own events wait in its channel.
        var merged = Channel.CreateBounded<(LocalChoice, TextEvent)>(choices.Count * 4);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        int left = choices.Count;
        var pumps = choices.Select(PumpAsync).ToArray();
        try
        {
            await foreach (var item in merged.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
                yield return item;
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false); // on the way out after a fault the other pumps end too
            await Task.WhenAll(pumps).ConfigureAwait(false);
        }

        async Task PumpAsync(LocalChoice choice)
        {
            try
            {
                await foreach (var e in TextOf(choice, stop, ended.Token).ConfigureAwait(false))
                    await merged.Writer.WriteAsync((choice, e), ended.Token).ConfigureAwait(false);
                if (Interlocked.Decrement(ref left) == 0)
                    merged.Writer.TryComplete();
            }
            catch (Exception fault)
            {
                merged.Writer.TryComplete(fault); // the reader throws it
            }
        }
    }

    private IAsyncEnumerable<TextEvent> TextOf(LocalChoice choice, IReadOnlyList<string> stop, CancellationToken cancellation) =>
        choice.Generation.ReadTextAsync(
            _model.Tokenizer, stop, marks: choice.Prompt.Reading?.Format.Marks, cancellation: cancellation);

    private List<LocalChoice> Submit(LocalPrepared prepared, int choicesPerPrompt)
    {
        var view = prepared.Request.View;
        int most = _model.Engine.Options.MaxQueue;
        int total = choicesPerPrompt * prepared.Prompts.Count;
        if (total > most)
            throw new InvalidRequestException($"{total} choices are more than the {most} that may wait at once", "n");
        var choices = new List<LocalChoice>(total);
        try
        {
            foreach (var prompt in prepared.Prompts)
            {
                for (int c = 0; c < choicesPerPrompt; c++)
                {
                    var generation = _submission.Submit(prompt, view, prepared.Grammar, c, prepared.Context);
                    choices.Add(new LocalChoice(choices.Count, prompt, generation, new LocalAnswer(prompt.Reading)));
                }
            }
            return choices;
        }
        catch
        {
            foreach (var choice in choices)
                choice.Generation.Dispose();
            throw;
        }
    }
}
