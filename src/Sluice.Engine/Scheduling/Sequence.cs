using Sluice.Engine.Embedding;
using Sluice.Engine.Kv;
using Sluice.Engine.Requests;
using Sluice.Engine.Sampling;

namespace Sluice.Engine.Scheduling;

/// <summary>
/// One request in flight: its tokens so far, how many of them have their KV stored, and in which blocks. Made by submit; from then on only
/// the engine's thread touches it, but for <see cref="Generation"/>.
/// </summary>
internal sealed class Sequence
{
    private readonly int[] _tokens;

    /// <param name="number">Order of arrival, unique in the engine.</param>
    /// <param name="maxLength">Most tokens it can come to.</param>
    /// <param name="pooler">Takes its hidden states, where those are wanted and no tokens.</param>
    public Sequence(
        long number, GenerationRequest request, Generation generation, int maxLength, int kvGroups, int blockTokens, HiddenPooler? pooler = null)
    {
        int maxBlocks = (maxLength + blockTokens - 1) / blockTokens;
        Number = number;
        Request = request;
        Generation = generation;
        MaxLength = maxLength;
        _tokens = new int[maxLength];
        request.Prompt.Ids.CopyTo(_tokens, 0);
        Length = request.Prompt.Length;
        Blocks = new BlockTable[kvGroups];
        for (int g = 0; g < kvGroups; g++)
            Blocks[g] = new BlockTable(maxBlocks);
        Chain = new BlockChain(request.Prompt, maxBlocks);
        Sampler = new SamplerState(request.Sampling, request.StopTokens, (ulong)number);
        Pooler = pooler;
    }

    public long Number { get; }

    public GenerationRequest Request { get; }

    public Generation Generation { get; }

    /// <summary>Prompt and answer so far, in tokens.</summary>
    public int Length { get; private set; }

    public int MaxLength { get; }

    public int PromptLength => Request.Prompt.Length;

    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Length);

    /// <summary>Leading tokens whose KV is stored. Advanced by commit, set back by preemption.</summary>
    public int Computed { get; set; }

    /// <summary>Whether it was admitted before; set by the scheduler.</summary>
    public bool Started { get; set; }

    /// <summary>Tokens still to be run before the next one can be sampled; at least one.</summary>
    public int Pending => Length - Computed;

    /// <summary>Blocks of each KV group.</summary>
    public BlockTable[] Blocks { get; }

    public BlockChain Chain { get; }

    public SamplerState Sampler { get; }

    /// <summary>Takes its hidden states; null for a sequence that generates.</summary>
    public HiddenPooler? Pooler { get; }

    public void Append(int token) => _tokens[Length++] = token;
}
