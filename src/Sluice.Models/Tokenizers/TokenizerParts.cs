using Sluice.Models.Tokenizers.Decoders;
using Sluice.Models.Tokenizers.Encoders;
using Sluice.Models.Tokenizers.Normalizers;
using Sluice.Models.Tokenizers.PreTokenizers;

namespace Sluice.Models.Tokenizers;

/// <summary>What a loader found in a file: everything a <see cref="Tokenizer"/> is made of.</summary>
internal sealed record TokenizerParts
{
    /// <summary>All tokens, added ones included.</summary>
    public required Vocabulary Vocabulary { get; init; }

    public required IPieceEncoder Encoder { get; init; }

    public required SpecialTokens Special { get; init; }

    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    /// <summary>Null where text is taken as it is.</summary>
    public INormalizer? Normalizer { get; init; }

    public IPreTokenizer[] PreTokenizers { get; init; } = [];

    public IReadOnlyList<IDecoder> Decoders { get; init; } = [];

    /// <summary>Ids put before a text where special tokens are asked for, and behind it.</summary>
    public int[] Prefix { get; init; } = [];

    public int[] Suffix { get; init; } = [];

    /// <summary>Tokens whose spelling is their text, whatever the decoders would make of it.</summary>
    public IReadOnlySet<int> Verbatim { get; init; } = new HashSet<int>();
}
