using Sluice.Models.Files;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>The pre-tokenizers that GGUF files name, with the patterns that the models' own tokenizer.json files give.</summary>
internal static class GgufPreTokenizers
{
    private const string Key = "tokenizer.ggml.pre";

    private static readonly GgufPreTokenizer Gpt2 = new([WellKnownPatterns.Gpt2]);
    private static readonly GgufPreTokenizer Llama3 = new([WellKnownPatterns.Llama3], IgnoreMerges: true, AddBos: true);
    private static readonly GgufPreTokenizer PlainLlama3 = new([WellKnownPatterns.Llama3]);
    private static readonly GgufPreTokenizer Qwen2 = new([WellKnownPatterns.Qwen2]);
    private static readonly GgufPreTokenizer Gpt4O = new([WellKnownPatterns.Gpt4O]);
    private static readonly GgufPreTokenizer Digits = new([WellKnownPatterns.Digit, WellKnownPatterns.Gpt2]);
    private static readonly GgufPreTokenizer DeepSeekV3 = new([WellKnownPatterns.Digits3, WellKnownPatterns.DeepSeekIdeographs, WellKnownPatterns.DeepSeekV3]);
    private static readonly GgufPreTokenizer BailingMoe = new([WellKnownPatterns.BailingMoe]);
    private static readonly GgufPreTokenizer Bloom = new([WellKnownPatterns.Bloom]);
    private static readonly GgufPreTokenizer TinyAya = new([WellKnownPatterns.DigitsFromTheRight, WellKnownPatterns.Gpt4O]);
    private static readonly GgufPreTokenizer Marked = new([WellKnownPatterns.Lines], Spelling: GgufSpelling.Marks);

    private static readonly Dictionary<string, GgufPreTokenizer> Known = new()
    {
        ["default"] = new([WellKnownPatterns.DefaultPunctuation, WellKnownPatterns.Gpt2, WellKnownPatterns.DigitRun, WellKnownPatterns.ThreeDigits]),
        ["a.x-4.0"] = Gpt2,
        ["afmoe"] = new([WellKnownPatterns.DigitsInThrees, WellKnownPatterns.AfmoeScripts, WellKnownPatterns.DeepSeekV3]),
        ["bailingmoe"] = BailingMoe,
        ["bailingmoe2"] = BailingMoe,
        ["bloom"] = Bloom,
        ["chameleon"] = new(
            [.. WellKnownPatterns.ChameleonSentinels, WellKnownPatterns.Digit, WellKnownPatterns.Punctuation, WellKnownPatterns.Gpt2], AddBos: true),
        ["chatglm-bpe"] = PlainLlama3,
        ["codeshell"] = Digits,
        ["cohere2moe"] = TinyAya,
        ["command-r"] = Digits,
        ["dbrx"] = PlainLlama3,
        ["deepseek-coder"] = new(
            [WellKnownPatterns.LineEnd, @"\s?\p{L}+", @"\s?\p{P}+", WellKnownPatterns.DeepSeekOldIdeographs, WellKnownPatterns.Digit]),
        ["deepseek-llm"] = new(
            [
                WellKnownPatterns.LineEnd, WellKnownPatterns.DeepSeekLetters, WellKnownPatterns.DeepSeekPunctuation, @"\s+$",
                WellKnownPatterns.DeepSeekOldIdeographs, WellKnownPatterns.Digit,
            ]),
        ["deepseek-r1-qwen"] = Qwen2,
        ["deepseek-v3"] = DeepSeekV3,
        ["exaone"] = Digits,
        ["exaone-moe"] = new([WellKnownPatterns.ExaoneMoe]),
        ["exaone4"] = Gpt2,
        ["f2llmv2"] = Qwen2,
        ["falcon"] = new([WellKnownPatterns.FalconPunctuation, WellKnownPatterns.Gpt2, WellKnownPatterns.ThreeDigits]),
        ["falcon-h1"] = Llama3,
        ["falcon3"] = Llama3,
        ["gemma4"] = Marked with { AddBos = true },
        ["gigachat"] = Gpt2,
        ["glm4"] = PlainLlama3,
        ["gpt-2"] = Gpt2,
        ["gpt-4o"] = Gpt4O,
        ["gpt3-finnish"] = Bloom,
        ["granite-docling"] = Gpt2,
        ["granite-embed-multi-311m"] = Marked with { AddBos = true },
        ["granite-embed-multi-97m"] = new([WellKnownPatterns.Gpt4O], IgnoreMerges: true),
        ["grok-2"] = Qwen2,
        ["hunyuan"] = Qwen2,
        ["hunyuan-dense"] = DeepSeekV3,
        ["jais"] = Gpt2,
        ["jais-2"] = new([WellKnownPatterns.Jais2]),
        ["jina-de"] = Gpt2,
        ["jina-es"] = Gpt2,
        ["jina-v1-en"] = Gpt2,
        ["jina-v2-code"] = Gpt2,
        ["jina-v2-de"] = Gpt2,
        ["jina-v2-es"] = Gpt2,
        ["jina-v5-nano"] = Llama3,
        ["joyai-llm"] = DeepSeekV3,
        ["kanana2"] = Gpt4O,
        ["kimi-k2"] = new([WellKnownPatterns.KimiK2]),
        ["kormo"] = Qwen2,
        ["lfm2"] = Llama3,
        ["llada-moe"] = BailingMoe,
        ["llama-bpe"] = Llama3,
        ["llama-v3"] = Llama3,
        ["llama3"] = Llama3,
        ["llama4"] = Gpt4O,
        ["megrez"] = Qwen2,
        ["mellum"] = Gpt2,
        ["mellum2"] = Digits,
        ["midm-2.0"] = Llama3,
        ["minerva-7b"] = Digits,
        ["minicpm5"] = new([WellKnownPatterns.Digits3, WellKnownPatterns.MiniCpm5], IgnoreMerges: true),
        ["minimax-m2"] = Gpt4O,
        ["modern-bert"] = Gpt2,
        ["mpt"] = Gpt2,
        ["olmo"] = Gpt2,
        ["phi-2"] = Gpt2,
        ["pixtral"] = Llama3,
        ["poro-chat"] = Bloom,
        ["qwen2"] = Qwen2,
        ["qwen35"] = new([WellKnownPatterns.Qwen35]),
        ["refact"] = Digits,
        ["roberta-bpe"] = Gpt2,
        ["sarvam-moe"] = Marked,
        ["seed-coder"] = new([WellKnownPatterns.SeedCoder]),
        ["smaug-bpe"] = PlainLlama3,
        ["smollm"] = Digits,
        ["solar-open"] = Qwen2,
        ["stablelm2"] = Qwen2,
        ["starcoder"] = Digits,
        ["superbpe"] = new([WellKnownPatterns.DigitRun, @"(?=(\d{3})+(?!\d))"]),
        ["talkie"] = Gpt4O,
        ["tekken"] = new([WellKnownPatterns.Tekken], IgnoreMerges: true, AddBos: true),
        ["tiny_aya"] = TinyAya,
        ["trillion"] = Gpt2,
        ["viking"] = new([WellKnownPatterns.Bloom, WellKnownPatterns.Digit]),
        ["whitespace"] = new([WellKnownPatterns.NotSpace], DropRest: true, Spelling: GgufSpelling.Characters),
        ["youtu"] = new([WellKnownPatterns.YoutuScripts, WellKnownPatterns.Youtu], IgnoreMerges: true),
    };

    // Whose tokenizer.json composes characters first (NFC), which GGUF has no key for. qwen2 names the split of other models as well.
    private static readonly string[] Composed = ["command-r", "modern-bert", "mpt", "olmo"];

    /// <summary>The pre-tokenizer of a BPE vocabulary. Files older than the key are cut as their converters meant.</summary>
    public static GgufPreTokenizer Find(GgufMetadata metadata)
    {
        string model = metadata.RequireString("tokenizer.ggml.model");
        string name = metadata.String(Key) ?? "default";
        if (model is "gemma4" or "whitespace")
            name = model;
        return Known.GetValueOrDefault(name) ?? throw metadata.Fail(Key, $"is '{name}', which is not known; known are {string.Join(", ", Known.Keys)}");
    }

    /// <summary>Whether the model was trained on composed characters.</summary>
    public static bool IsComposed(GgufMetadata metadata) =>
        Composed.Contains(metadata.String(Key)) || (metadata.String("general.architecture") ?? "").StartsWith("qwen", StringComparison.Ordinal);
}
