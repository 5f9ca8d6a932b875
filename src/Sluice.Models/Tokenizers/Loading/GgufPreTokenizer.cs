namespace Sluice.Models.Tokenizers.Loading;

/// <summary>What a name in tokenizer.ggml.pre stands for.</summary>
/// <param name="Patterns">Split patterns applied one after another, each to the pieces of the one before.</param>
/// <param name="IgnoreMerges">Whether a piece that is a token as a whole is that token, whatever the merges say.</param>
/// <param name="AddBos">Whether a text begins with BOS where the file does not say.</param>
/// <param name="DropRest">Whether what the patterns do not match vanishes.</param>
internal sealed record GgufPreTokenizer(
    string[] Patterns, bool IgnoreMerges = false, bool AddBos = false, bool DropRest = false, GgufSpelling Spelling = GgufSpelling.Bytes);
