namespace Sluice.Models.Tokenizers.Loading;

/// <summary>What a SentencePiece model says a piece is; tokenizer.ggml.token_type uses the same numbers.</summary>
internal enum TokenKind
{
    Undefined = 0,
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}
