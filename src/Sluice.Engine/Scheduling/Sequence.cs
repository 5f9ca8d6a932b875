using Sluice.Engine.Constraints;
using Sluice.Engine.Embedding;
using Sluice.Engine.Kv;
using Sluice.Engine.Labels;
using Sluice.Engine.Requests;
using Sluice.Engine.Sampling;
using Sluice.Engine.Speculation;

namespace Sluice.Engine.Scheduling;

/// <summary>
/// One request in flight: its tokens so far, how many of them have their KV stored, and in which blocks. Made by submit; from then on only
/// the engine's thread touches it, but for <see cref="Readers"/> and what they have been given of <see cref="Answer"/>.
/// </summary>
internal sealed class Sequence
{
    private readonly int[] _tokens;

    /// <param name="number">Order of arrival, unique in the engine.</param>
    /// <param name="maxLength">Most tokens it can come to.</param>
    /// <param name="pooler">Takes its hidden states, where those are wanted and no tokens.</param>
    /// <param name="onEnd">Called once, when it has ended for all its readers.</param>
    /// <param name="labels">Where it is among the labels that are scored after its prompt, where those are wanted and no tokens.</param>
    public Sequence(
        long number, Generation reader, int maxLength, int kvGroups, int blockTokens, HiddenPooler? pooler = null,
        Action<Sequence>? onEnd = null, LabelPath? labels = null)
        : this(number, reader.Request, maxLength, kvGroups, blockTokens, pooler, labels)
    {
        Readers = new Readers(reader, onEnd is null ? null : () => onEnd(this));
    }

    private Sequence(Sequence trunk, long number, LabelPath labels, int blockTokens)
        : this(number, trunk.Request, trunk.MaxLength, trunk.Blocks.Length, blockTokens, null, labels)
    {
        Readers = trunk.Readers;
        Turn = trunk.Turn with { Number = number };
        Share = trunk.Share;
        Started = true;
        Length = trunk.Length;
        trunk.Tokens.CopyTo(_tokens);
    }

    private Sequence(
        long number, GenerationRequest request, int maxLength, int kvGroups, int blockTokens, HiddenPooler? pooler, LabelPath? labels)
    {
        int maxBlocks = (maxLength + blockTokens - 1) / blockTokens;
        Number = number;
        Request = request;
        MaxLength = maxLength;
        _tokens = new int[maxLength];
        request.Prompt.Ids.CopyTo(_tokens, 0);
        Length = request.Prompt.Length;
        Blocks = new BlockTable[kvGroups];
        for (int g = 0; g < kvGroups; g++)
            Blocks[g] = new BlockTable(maxBlocks);
        Chain = new BlockChain(request.Prompt, maxBlocks);
        Sampler = new SamplerState(request.Sampling, request.StopTokens, (ulong)number);
        Constraint = request.Grammar?.Start();
        Pooler = pooler;
        Labels = labels;
        Attention = request.Prompt.Retention.ChoosesByAttention ? new BlockAttention(maxBlocks) : null;
        Priority = Math.Clamp(request.Priority, -Turn.MaxPriority, Turn.MaxPriority);
    }

    public long Number { get; }

    public GenerationRequest Request { get; }

    /// <summary>Who gets its events.</summary>
    public Readers Readers { get; } = null!; // by every constructor that others can call

    /// <summary>Prompt and answer so far, in tokens.</summary>
    public int Length { get; private set; }

    public int MaxLength { get; }

    public int PromptLength => Request.Prompt.Length;

    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Length);

    /// <summary>Room for its whole answer, as far as it has come.</summary>
    public ReadOnlySpan<int> Answer => _tokens.AsSpan(PromptLength);

    /// <summary>Tokens proposed to come next, behind those it has; for the step at hand only.</summary>
    public ReadOnlySpan<int> Draft => _tokens.AsSpan(Length, Drafted);

    public int Drafted { get; private set; }

    /// <summary>Most tokens that can be proposed: one more is always drawn.</summary>
    public int DraftRoom => MaxLength - Length - 1;

    /// <summary>Its tokens and those proposed.</summary>
    public ReadOnlySpan<int> TokensAndDraft => _tokens.AsSpan(0, Length + Drafted);

    /// <summary>How well proposals have fared; kept by speculation.</summary>
    public DraftRecord Proposals { get; } = new();

    /// <summary>Leading tokens whose KV is stored. Advanced by commit, set back by preemption.</summary>
    public int Computed { get; set; }

    /// <summary>Its request's, within what counts.</summary>
    public int Priority { get; }

    /// <summary>Its place among those that wait and those that run; set by the queue.</summary>
    public Turn Turn { get; private set; }

    /// <summary>Its tenant's share; null until it waits. Set by the queue.</summary>
    public TenantShare? Share { get; private set; }

    /// <summary>Whether it is in the step set; set by the scheduler.</summary>
    public bool Running { get; set; }

    /// <summary>Whether it was planned before; set by the scheduler.</summary>
    public bool Started { get; set; }

    /// <summary>Steps in a row that went by without a token of its prompt; set by the scheduler.</summary>
    public int PassedOver { get; set; }

    /// <summary>Leading tokens that its tenant was charged for, or got from the cache; set by the scheduler.</summary>
    public int Charged { get; set; }

    /// <summary>Tokens still to be run before the next one can be sampled; at least one.</summary>
    public int Pending => Length - Computed;

    public bool HasBlocks => Blocks[0].Count > 0;

    /// <summary>Whether it only waits for its next token.</summary>
    public bool Decodes => Pending == 1 && HasBlocks;

    /// <summary>Blocks of each KV group.</summary>
    public BlockTable[] Blocks { get; }

    /// <summary>Blocks that were taken out of its tables, where they are chosen by attention.</summary>
    public int RemovedBlocks
    {
        get
        {
            int most = 0; // groups with a window of their own take none out
            foreach (var table in Blocks)
                most = Math.Max(most, table.Removed);
            return most;
        }
    }

    /// <summary>What attention its blocks had; null where they are not chosen by it. Filled by commit.</summary>
    public BlockAttention? Attention { get; }

    public BlockChain Chain { get; }

    public SamplerState Sampler { get; }

    /// <summary>How far its answer has come through its grammar; null where it has none.</summary>
    public ITokenConstraint? Constraint { get; }

    /// <summary>Takes its hidden states; null for a sequence that generates.</summary>
    public HiddenPooler? Pooler { get; }

    /// <summary>Where it is among labels to be scored; null for a sequence that generates.</summary>
    public LabelPath? Labels { get; }

    /// <summary>Leading tokens that stay what they are: those of a label are taken back when the next one's turn comes.</summary>
    public int Lasting => Labels is null ? Length : PromptLength;

    /// <summary>One more sequence for the same readers, for some of the labels: at the same tokens, without blocks.</summary>
    public Sequence Branch(int node, int blockTokens) =>
        new(this, Number + Labels!.Scorer.NextBranch(), new LabelPath(Labels.Scorer, node), blockTokens);

    /// <summary>Takes the tokens of its node in place of those it had behind its prompt, and keeps what both begin with as computed.</summary>
    public void GoToNode()
    {
        var tree = Labels!.Scorer.Tree;
        int depth = tree.DepthOf(Labels.Node);
        var path = Labels.Scorer.Path.AsSpan(0, depth);
        tree.CopyPath(Labels.Node, path);
        int same = _tokens.AsSpan(PromptLength, Math.Min(Length - PromptLength, depth)).CommonPrefixLength(path);
        path.CopyTo(_tokens.AsSpan(PromptLength));
        Length = PromptLength + depth;
        Computed = Math.Min(Computed, PromptLength + Math.Min(same, depth - 1));
    }

    /// <summary>Gives it its place; by the queue, once.</summary>
    public void Arrive(long step, TenantShare share)
    {
        Turn = Turn.Of(Priority, step, Number);
        Share = share;
    }

    public bool IsExpired(DateTimeOffset now) => Request.Deadline <= now;

    public void Append(int token)
    {
        _tokens[Length++] = token;
        Drafted = Math.Max(0, Drafted - 1);
    }

    /// <summary>Proposes one more token behind those proposed before.</summary>
    public void Guess(int token) => _tokens[Length + Drafted++] = token;

    public void ClearDraft() => Drafted = 0;
}
