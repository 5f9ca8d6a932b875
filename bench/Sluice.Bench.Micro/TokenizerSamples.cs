using System.Text;
using Sluice.Models.Files;
using Sluice.Models.Tokenizers;

namespace Sluice.Bench.Micro;

/// <summary>Vocabularies of the reference data, and texts that bench/peers/tokenizers.mjs makes in the same way.</summary>
internal static class TokenizerSamples
{
    private const int Bytes = 10_000_000;

    public static readonly string[] Names = ["gpt-2", "llama-spm", "llama3_2", "qwen2_5", "gemma3"];

    public static readonly string[] Texts = ["code", "mixed"];

    private static readonly string[] Foreign =
    [
        "Привет, мир! Как дела сегодня?", "我在公司工作，今天天气很好。", "こんにちは世界、元気ですか。", "한국어 텍스트입니다.", "😀👩‍👩‍👧 🇩🇪 ✅",
        "हिन्दी में लिखा हुआ", "Zażółć gęślą jaźń",
    ];

    public static ITokenizer Open(string name)
    {
        string gguf = SampleFiles.Golden("tokenizers", "gguf", $"ggml-vocab-{name}.gguf");
        if (!File.Exists(gguf))
            return TokenizerLoader.FromJson(SampleFiles.Golden("tokenizers", "hf", name, "tokenizer.json.gz"));
        using GgufFile file = GgufFile.Open(gguf);
        return TokenizerLoader.FromGguf(file.Metadata);
    }

    /// <summary>
    /// Ten megabytes of lines: code is the sources of this repository with the prose in their comments, each file once and then again in the same order;
    /// mixed has other scripts and emoji behind every third line.
    /// </summary>
    public static string Text(string name)
    {
        string[] lines = [.. Sources().SelectMany(path => File.ReadAllText(path).Split('\n'))];
        var text = new StringBuilder();
        for (int bytes = 0, number = 0; bytes < Bytes; number++)
        {
            string line = lines[number % lines.Length];
            if (name == "mixed" && number % 3 == 0)
                line += " " + Foreign[number / 3 % Foreign.Length];
            text.Append(line).Append('\n');
            bytes += Encoding.UTF8.GetByteCount(line) + 1;
        }
        return text.ToString();
    }

    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(SampleFiles.Checkout("src"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains("/obj/") && !path.EndsWith(".Generated.cs", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);
}
