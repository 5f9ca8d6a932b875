namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Values of tokenizer.ggml.token_type.</summary>
internal enum GgufTokenKind
{
    Undefined = 0,
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}
