namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>How a BPE vocabulary wants its text cut into symbols and treats what it lacks.</summary>
internal sealed record BpeOptions
{
    /// <summary>Symbols are bytes, spelled in <see cref="ByteAlphabet"/>; otherwise they are characters.</summary>
    public bool ByteLevel { get; init; }

    /// <summary>A character that is no token becomes the tokens &lt;0xNN&gt; of its bytes, where the vocabulary has them all.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>The token of a character that is no token; null drops it.</summary>
    public int? Unknown { get; init; }

    /// <summary>Neighbouring unknown characters become one unknown token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>A piece that is a token as a whole becomes that token, whatever the merges say.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>The same, but only for a piece of nothing but line feeds.</summary>
    public bool IgnoreMergesOfLineFeeds { get; init; }

    /// <summary>Stands before every symbol but a piece's first ("##").</summary>
    public string ContinuingPrefix { get; init; } = "";

    /// <summary>Stands behind a piece's last symbol ("&lt;/w&gt;").</summary>
    public string EndSuffix { get; init; } = "";
}
