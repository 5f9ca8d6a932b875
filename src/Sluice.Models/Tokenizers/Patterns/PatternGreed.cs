namespace Sluice.Models.Tokenizers.Patterns;

/// <summary>How a repeat tries its counts.</summary>
internal enum PatternGreed
{
    /// <summary>As many as there are, then fewer.</summary>
    Greedy,

    /// <summary>As few as will do, then more.</summary>
    Lazy,

    /// <summary>As many as there are, and no fewer.</summary>
    Possessive,
}
