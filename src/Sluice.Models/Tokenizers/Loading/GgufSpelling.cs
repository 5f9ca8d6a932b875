namespace Sluice.Models.Tokenizers.Loading;

/// <summary>How a BPE vocabulary in a GGUF file spells text.</summary>
internal enum GgufSpelling
{
    /// <summary>Bytes, in GPT-2's alphabet.</summary>
    Bytes,

    /// <summary>Characters, with a mark for a space.</summary>
    Marks,

    /// <summary>Characters as they are.</summary>
    Characters,
}
