using Sluice.Core.Backend;
using Sluice.Models.Adapters;
using Sluice.Models.Architectures;

namespace Sluice.Models.Layers;

/// <summary>What a pre-norm decoder computes in a step, beside the residual stream. Sizes are this rank's.</summary>
internal sealed class DecoderBuffers : ForwardBuffers
{
    public DecoderBuffers(IMemoryOps memory, ModelConfig config, int ranks, int maxRows, int maxOutputs, AdaptedRows adapted)
        : base(memory, config.Dim, config.Vocabulary, maxRows, maxOutputs)
    {
        Adapted = adapted;
        int heads = config.Heads / ranks, kvHeads = config.KvHeads / ranks;
        Normed = Allocate(maxRows, config.Dim);
        Delta = Allocate(maxRows, config.Dim);
        Q = Allocate(maxRows, heads * config.HeadDim);
        K = Allocate(maxRows, kvHeads * config.HeadDim);
        V = Allocate(maxRows, kvHeads * config.HeadDim);
        Attended = Allocate(maxRows, heads * config.HeadDim);
        RopeTable = Allocate(maxRows, config.Rope.RotaryDims);
        if (config.Experts > 0)
        {
            RouterLogits = Allocate(maxRows, config.Experts);
        }
        else
        {
            Gate = Allocate(maxRows, config.FeedForward / ranks);
            Up = Allocate(maxRows, config.FeedForward / ranks);
        }
        Outputs = Allocate(maxOutputs, config.Dim);
        LogitsPart = ranks > 1 ? Allocate(maxOutputs, config.Vocabulary / ranks) : Logits;
    }

    /// <summary>Which rows go through which adapter. Filled by Embed.</summary>
    public AdaptedRows Adapted { get; }

    /// <summary>Input of the attention or feed-forward part.</summary>
    public Tensor Normed { get; }

    /// <summary>What a part adds to the residual stream.</summary>
    public Tensor Delta { get; }

    public Tensor Q { get; }

    public Tensor K { get; }

    public Tensor V { get; }

    public Tensor Attended { get; }

    /// <summary>Cosines and sines of the step's positions, shared by all layers.</summary>
    public Tensor RopeTable { get; }

    /// <summary>Dense models only.</summary>
    public Tensor? Gate { get; }

    /// <summary>Dense models only.</summary>
    public Tensor? Up { get; }

    /// <summary>Mixtures of experts only.</summary>
    public Tensor? RouterLogits { get; }

    /// <summary>The rows whose logits are wanted.</summary>
    public Tensor Outputs { get; }

    public Tensor LogitsPart { get; }
}
