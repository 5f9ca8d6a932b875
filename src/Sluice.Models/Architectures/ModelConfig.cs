using Sluice.Core.Backend;

namespace Sluice.Models.Architectures;

/// <summary>The shape of a transformer, checked. Filled by its architecture, read by layers, engine and `model inspect`.</summary>
public sealed record ModelConfig
{
    public required string Architecture { get; init; }

    /// <summary>Width of the hidden state.</summary>
    public required int Dim { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    /// <summary>KV heads; divides <see cref="Heads"/>.</summary>
    public required int KvHeads { get; init; }

    public required int HeadDim { get; init; }

    /// <summary>Width of the feed-forward part (of one expert, where there are experts).</summary>
    public required int FeedForward { get; init; }

    /// <summary>Rows of the embedding table.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Positions the model was made for.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Most recent positions that each layer sees, 0 for all; empty where all layers see all.</summary>
    public IReadOnlyList<int> LayerWindows { get; init; } = [];

    public required float NormEpsilon { get; init; }

    public required RopeSpec Rope { get; init; }

    /// <summary>Whether the output head is the embedding table.</summary>
    public required bool TiedEmbeddings { get; init; }

    /// <summary>Experts per layer; 0 for a dense model.</summary>
    public int Experts { get; init; }

    /// <summary>Experts that compute each token.</summary>
    public int ExpertsUsed { get; init; }
}
