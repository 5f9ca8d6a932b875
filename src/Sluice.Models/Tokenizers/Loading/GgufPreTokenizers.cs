using Sluice.Models.Files;
using Sluice.Models.Tokenizers.Patterns;
using Sluice.Models.Tokenizers.PreTokenizers;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>A pre-tokenizer that GGUF names in tokenizer.ggml.pre: patterns applied one after another, each to the pieces of the one before.</summary>
internal sealed record GgufPreTokenizer(string[] Patterns, bool IgnoreMerges = false, bool AddBos = false)
{
    public IPreTokenizer[] Create() =>
        [.. Patterns.Select(pattern => new SplitPreTokenizer(Pattern.Parse(pattern), SplitBehavior.Isolated, invert: false))];
}

/// <summary>The pre-tokenizers GGUF files name.</summary>
internal static class GgufPreTokenizers
{
    private const string Key = "tokenizer.ggml.pre";

    private static readonly Dictionary<string, GgufPreTokenizer> Known = new()
    {
        ["gpt-2"] = new([WellKnownPatterns.Gpt2]),
        ["qwen2"] = new([WellKnownPatterns.Qwen2]),
        ["llama-bpe"] = new([WellKnownPatterns.Llama3], IgnoreMerges: true, AddBos: true),
    };

    public static GgufPreTokenizer Find(GgufMetadata metadata)
    {
        string name = metadata.RequireString(Key);
        return Known.GetValueOrDefault(name) ?? throw metadata.Fail(Key, $"is '{name}', which is not known; known are {string.Join(", ", Known.Keys)}");
    }
}
