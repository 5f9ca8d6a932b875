using System.Text;
using System.Text.Json;
using Sluice.Models.Files;
using Sluice.Models.Tokenizers;
using Sluice.Models.Tokenizers.Encoders;
using Sluice.Models.Tokenizers.Loading;
using Sluice.Models.Tokenizers.PreTokenizers;

namespace Sluice.Tests.Models.Tokenizers;

/// <summary>
/// Every normalizer, pre-tokenizer, model, post-processor and decoder of a tokenizer.json, against what Hugging Face's library 0.23.2 makes of the
/// same file and text. Data/generate.cjs wrote the data.
/// </summary>
public sealed class HuggingFaceReferenceTests
{
    private const int Shown = 10;

    private readonly List<string> _wrong = [];
    private int _checks;

    [Fact]
    public void Normalizer_EveryKind_GivesTheReferenceText() => CheckEach("normalizers", (config, cases) =>
    {
        var normalizer = JsonNormalizers.Read(Fields(config));
        foreach (var row in cases.EnumerateArray())
        {
            var target = new System.Buffers.ArrayBufferWriter<byte>();
            normalizer!.Normalize(Encoding.UTF8.GetBytes(row[0].GetString()!), target, new EncodeScratch());
            Check(config, row[0], row[1].GetString()!, Encoding.UTF8.GetString(target.WrittenSpan));
        }
    });

    [Fact]
    public void PreTokenizer_EveryKind_GivesTheReferencePieces() => CheckEach("pretokenizers", (config, cases) =>
    {
        if (LeftOut.Contains(config.ToString()))
            return;
        var stages = JsonPreTokenizers.Read(Fields(config), out bool byteLevel);
        foreach (var row in cases.EnumerateArray())
        {
            var pieces = new Pieces(byteLevel);
            new PieceFlow(stages, pieces, new EncodeScratch(), [], opensText: true).Emit(Encoding.UTF8.GetBytes(row[0].GetString()!), first: true);
            Check(config, row[0], Join(row[1].EnumerateArray().Select(piece => piece.GetString()!)), Join(pieces.Found));
        }
    });

    [Fact]
    public void Tokenizer_EveryModel_GivesTheReferenceIdsAndText()
    {
        foreach (var row in Rows("tokenizers"))
        {
            string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.tokenizer.json");
            File.WriteAllText(path, row.GetProperty("tokenizer").GetRawText());
            try
            {
                CheckTokenizer(row.GetProperty("name"), TokenizerLoader.FromJson(path), row.GetProperty("cases"));
            }
            finally
            {
                File.Delete(path);
            }
        }
        Finish();
    }

    /// <summary>Patterns the reference compiles and this library refuses, with a message: what they ask for is left out.</summary>
    private static readonly HashSet<string> LeftOut = [];

    private void CheckTokenizer(JsonElement name, ITokenizer tokenizer, JsonElement cases)
    {
        foreach (var row in cases.EnumerateArray())
        {
            string text = row[0].GetString()!;
            int[] special = Encode(tokenizer, text, addSpecial: true);
            Check(name, row[0], row[1].ToString(), Show(Encode(tokenizer, text, addSpecial: false)));
            Check(name, row[0], row[2].ToString(), Show(special));
            Check(name, row[0], row[3].GetString()!, Decode(tokenizer, special, showSpecial: true));
            Check(name, row[0], row[4].GetString()!, Decode(tokenizer, special, showSpecial: false));
        }
    }

    private static int[] Encode(ITokenizer tokenizer, string text, bool addSpecial)
    {
        var ids = new List<int>();
        tokenizer.Encode(text, new EncodeOptions(addSpecial, ParseSpecial: true), ids);
        return [.. ids];
    }

    private static string Decode(ITokenizer tokenizer, int[] ids, bool showSpecial)
    {
        var detokenizer = tokenizer.CreateDetokenizer(showSpecial);
        return string.Concat(ids.Select(detokenizer.Append)) + detokenizer.Flush();
    }

    private static string Show(int[] ids) => $"[{string.Join(',', ids)}]";

    private static string Join(IEnumerable<string> pieces) => string.Join('|', pieces);

    private void CheckEach(string name, Action<JsonElement, JsonElement> check)
    {
        foreach (var row in Rows(name))
            check(row.GetProperty("config"), row.GetProperty("cases"));
        Finish();
    }

    private void Check(JsonElement config, JsonElement text, string expected, string actual)
    {
        _checks++;
        if (expected != actual)
            _wrong.Add($"{config} of {text.GetRawText()}:\n  expected {JsonSerializer.Serialize(expected)}\n  actual   {JsonSerializer.Serialize(actual)}");
    }

    private void Finish()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{_checks - _wrong.Count} of {_checks} exact");
        Assert.True(_wrong.Count == 0, $"{_wrong.Count} of {_checks} differ\n{string.Join('\n', _wrong.Take(Shown))}");
        Assert.True(_checks > 0);
    }

    private static JsonFields Fields(JsonElement config) => JsonFields.Of("reference", config);

    private static IEnumerable<JsonElement> Rows(string name) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Models", "Tokenizers", "Data", name + ".jsonl")).Select(line => JsonElement.Parse(line));

    /// <summary>Collects pieces, spelled in the byte alphabet where they come as bytes.</summary>
    private sealed class Pieces(bool byteLevel) : IPieceEncoder
    {
        public List<string> Found { get; } = [];

        public void Encode(ReadOnlySpan<byte> piece, EncodeScratch scratch, List<int> ids)
        {
            byte[] spelling = new byte[piece.Length * 2];
            Found.Add(byteLevel ? Encoding.UTF8.GetString(spelling, 0, ByteAlphabet.Encode(piece, spelling)) : Encoding.UTF8.GetString(piece));
        }
    }
}
