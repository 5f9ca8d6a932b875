using System.Text;
using Sluice.Models.Files;
using Sluice.Models.Tokenizers;

namespace Sluice.Golden;

/// <summary>What holds for every text and every sequence of tokens, tried on random ones with vocabularies of published models.</summary>
public sealed class TokenizerPropertyTests(ITestOutputHelper output)
{
    private const int Rounds = 2000;

    /// <summary>First code point and number of code points of the blocks that texts are drawn from.</summary>
    private static readonly (int First, int Count)[] Blocks =
    [
        (' ', 95), ('a', 26), ('0', 10), ('\t', 5), (0xA0, 0x160), (0x300, 0x70), (0x370, 0x190), (0x5D0, 0x30), (0x900, 0x80), (0x1100, 0x100), (0x2000, 0x70),
        (0x3040, 0xC0), (0x4E00, 0x200), (0xAC00, 0x200), (0xE000, 0x20), (0xFE00, 0x10), (0x1D400, 0x80), (0x1F300, 0x300), (0x10FF00, 0x100),
    ];

    /// <summary>Those that Unicode's composition (NFC) leaves as they are.</summary>
    private static readonly (int First, int Count)[] ComposedBlocks =
        [(' ', 95), ('a', 26), ('0', 10), ('\t', 5), (0xA0, 0x160), (0x5D0, 0x1B), (0x4E00, 0x200), (0xAC00, 0x200), (0xE000, 0x20), (0x1F300, 0x300), (0x10FF00, 0x100)];

    /// <summary>Vocabularies with a token for every byte; the second value says whether the tokenizer composes text (NFC), the others change none.</summary>
    public static TheoryData<string, bool> ByteComplete => new()
    {
        { "gguf/ggml-vocab-gpt-2.gguf", false }, { "gguf/ggml-vocab-deepseek-llm.gguf", false },
        { "hf/llama3_2", false }, { "hf/mistral_nemo", false }, { "hf/deepseek_v3", false }, { "hf/qwen2_5", true },
        { "gguf/ggml-vocab-llama-spm.gguf", false }, { "gguf/ggml-vocab-phi-3.gguf", false }, { "hf/gemma3", false },
    };

    [Theory]
    [MemberData(nameof(ByteComplete))]
    public void DecodeOfEncode_RandomTexts_IsTheText(string name, bool composes)
    {
        ITokenizer tokenizer = Open(name);
        var random = new Random(3);
        for (int round = 0; round < Rounds; round++)
        {
            string text = composes ? RandomText(random, ComposedBlocks) : round % 2 == 0 ? RandomText(random, Blocks) : RandomBytes(random);
            Assert.Equal(Show(text), Show(Decode(tokenizer, Encode(tokenizer, text))));
        }
        output.WriteLine($"{name}: {Rounds} random texts come back");
    }

    /// <summary>The oracle is the platform's own decoding of all bytes at once.</summary>
    [Theory]
    [MemberData(nameof(ByteComplete))]
    public void Streaming_RandomTokens_GivesTheTextOfAllBytes(string name, bool _)
    {
        ITokenizer tokenizer = Open(name);
        int[] plain = [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(id => !tokenizer.IsSpecial(id) && tokenizer.Spelling(id).Length > 0)];
        int[] bytes = [.. plain.Where(id => tokenizer.Bytes(id).Length == 1)];
        var random = new Random(4);
        for (int round = 0; round < Rounds; round++)
        {
            // Single bytes are drawn often, for they break and complete characters across tokens.
            int[] ids = [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => random.Next(3) == 0 ? plain[random.Next(plain.Length)] : bytes[random.Next(bytes.Length)])];
            var detokenizer = tokenizer.CreateDetokenizer(showSpecial: true, continuing: true);
            string[] pieces = [.. ids.Select(detokenizer.Append), detokenizer.Flush()];
            Assert.Equal(Show(Encoding.UTF8.GetString([.. ids.SelectMany(id => tokenizer.Bytes(id).ToArray())])), Show(string.Concat(pieces)));
            Assert.All(pieces, piece => Assert.True(piece.Length == 0 || !(char.IsLowSurrogate(piece[0]) || char.IsHighSurrogate(piece[^1])), Show(piece)));
        }
    }

    [Theory]
    [InlineData("gguf/ggml-vocab-bert-bge.gguf")]
    [InlineData("gguf/ggml-vocab-falcon.gguf")]
    [InlineData("gguf/ggml-vocab-gpt-2.gguf")]
    [InlineData("gguf/ggml-vocab-llama-spm.gguf")]
    [InlineData("hf/gemma3")]
    [InlineData("hf/qwen2_5")]
    public void TryEncode_RandomLimits_HoldsExactlyFromTheCountOn(string name)
    {
        ITokenizer tokenizer = Open(name);
        var random = new Random(5);
        for (int round = 0; round < Rounds / 4; round++)
        {
            string text = RandomText(random, Blocks);
            int count = Encode(tokenizer, text).Count;
            foreach (int most in new[] { 0, count / 2, count - 1, count, count + 1 }.Where(most => most >= 0))
                Assert.Equal((Show(text), most, count <= most), (Show(text), most, tokenizer.TryEncode(text, default, most, [])));
        }
    }

    [Theory]
    [MemberData(nameof(ByteComplete))]
    public void Encode_WarmedUp_AllocatesNothingPerToken(string name, bool _)
    {
        ITokenizer tokenizer = Open(name);
        string text = string.Concat(Enumerable.Range(0, 3000).Select(i => $"Word{i} and 日本 {i * 7919} naïve, \"quoted\" text 😀\n"));
        var ids = new List<int>(text.Length * 2);
        for (int round = 0; round < 2; round++)
        {
            ids.Clear();
            tokenizer.Encode(text, default, ids);
        }
        ids.Clear();
        long before = GC.GetAllocatedBytesForCurrentThread();
        tokenizer.Encode(text, default, ids);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        output.WriteLine($"{name}: {ids.Count} ids, {allocated} bytes allocated");
        Assert.InRange(allocated, 0, 1024);
    }

    private static ITokenizer Open(string name)
    {
        string path = GoldenData.Require("tokenizers/" + name);
        if (!name.EndsWith(".gguf", StringComparison.Ordinal))
            return TokenizerLoader.FromJson(Path.Combine(path, "tokenizer.json.gz"), Path.Combine(path, "tokenizer_config.json"));
        using var file = GgufFile.Open(path);
        return TokenizerLoader.FromGguf(file.Metadata);
    }

    private static List<int> Encode(ITokenizer tokenizer, string text)
    {
        var ids = new List<int>();
        tokenizer.Encode(text, default, ids);
        return ids;
    }

    private static string Decode(ITokenizer tokenizer, List<int> ids)
    {
        var detokenizer = tokenizer.CreateDetokenizer(showSpecial: true);
        return string.Concat(ids.Select(detokenizer.Append)) + detokenizer.Flush();
    }

    private static string RandomText(Random random, (int First, int Count)[] blocks)
    {
        var text = new StringBuilder();
        for (int left = random.Next(1, 40); left > 0; left--)
        {
            (int first, int count) = blocks[random.Next(2) == 0 ? random.Next(4) : random.Next(blocks.Length)];
            text.Append(new Rune(first + random.Next(count)));
        }
        return text.ToString();
    }

    /// <summary>Bytes that are mostly no UTF-8, read as a program reads them: with U+FFFD where they are wrong.</summary>
    private static string RandomBytes(Random random)
    {
        byte[] bytes = new byte[random.Next(1, 60)];
        random.NextBytes(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static string Show(string text) => string.Join(' ', text.Select(c => ((int)c).ToString("X4", System.Globalization.CultureInfo.InvariantCulture)));
}
