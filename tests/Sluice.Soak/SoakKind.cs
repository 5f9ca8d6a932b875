namespace Sluice.Soak;

/// <summary>What a request of the mix is like.</summary>
internal enum SoakKind
{
    /// <summary>Greedy, from a fixed list: its answer is known.</summary>
    Known,

    /// <summary>As known, through an adapter.</summary>
    Adapted,

    /// <summary>As known, held to a schema.</summary>
    Constrained,

    /// <summary>As known, keeping a part of its context.</summary>
    Discarding,

    /// <summary>Drawn at random, in several choices.</summary>
    Choices,

    /// <summary>One body with several prompts.</summary>
    Folded,

    /// <summary>Vectors of a few texts.</summary>
    Embeddings,

    /// <summary>Its client leaves in the middle of the answer.</summary>
    LeftMidway,

    /// <summary>Its client leaves before there can be one.</summary>
    LeftAtOnce,

    /// <summary>Its client takes its time between two events.</summary>
    ReadSlowly,

    /// <summary>Has no room in the context.</summary>
    TooLong,
}
