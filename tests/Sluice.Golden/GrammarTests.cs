using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Models.Files;
using Sluice.Models.Grammars;
using Sluice.Models.Tokenizers;

namespace Sluice.Golden;

/// <summary>
/// Reference grammars: what is valid is accepted token by token, what is not is refused at some token or at the end, over a byte-level and
/// a SentencePiece vocabulary.
/// </summary>
public sealed class GrammarTests(ITestOutputHelper output)
{
    private const int Shown = 30;
    private const double MostRefused = 0.05;

    /// <summary>
    /// Groups in which format is a mere annotation; ours holds, as those of optional/format want, so they contradict each other.
    /// </summary>
    private const string AnnotatedFormat = "format";

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("llama-spm")]
    public void Regex_EveryCase(string vocabulary) => CheckTexts("regex.jsonl", vocabulary, row => new Grammar.Regex(Text(row, "regex")));

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("llama-spm")]
    public void Gbnf_EveryCase(string vocabulary) => CheckTexts("gbnf.jsonl", vocabulary, row => new Grammar.Gbnf(Text(row, "grammar")));

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("llama-spm")]
    public void LlamaSchema_EveryCase(string vocabulary) =>
        CheckTexts("llama-schema.jsonl", vocabulary, row => new Grammar.Schema(row.GetProperty("schema").GetRawText()));

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("llama-spm")]
    public void JsonSchemaSuite_EveryGroup(string vocabulary)
    {
        var tokens = Open(vocabulary);
        var refused = new SortedDictionary<string, int>();
        var wrong = new List<string>();
        int groups = 0, instances = 0, coreGroups = 0;
        foreach (var row in Rows("json-schema-suite.jsonl"))
        {
            groups++;
            coreGroups += Text(row, "tier") == "core" ? 1 : 0;
            CompiledGrammar grammar;
            try
            {
                grammar = tokens.Compile(new Grammar.Schema(row.GetProperty("schema").GetRawText()));
            }
            catch (GrammarException e)
            {
                string reason = $"{Text(row, "keyword")}: {e.Message}";
                refused[reason] = refused.GetValueOrDefault(reason) + 1;
                if (e.Message.Contains("no value satisfies", StringComparison.Ordinal))
                {
                    refused.Remove(reason);
                    if (row.GetProperty("tests").EnumerateArray().Any(test => test.GetProperty("valid").GetBoolean()))
                        wrong.Add($"{Text(row, "name")}: refused as empty: {row.GetProperty("schema")}");
                }
                continue;
            }
            foreach (var test in row.GetProperty("tests").EnumerateArray())
            {
                instances++;
                var data = test.GetProperty("data");
                bool valid = test.GetProperty("valid").GetBoolean();
                foreach (string text in Texts(data))
                {
                    if (Accepts(tokens, grammar, text, out string where) != valid && !IsInformation(row, test))
                        wrong.Add($"{Text(row, "name")}: {text} should be {(valid ? "valid" : "invalid")} {where} {row.GetProperty("schema")}");
                }
            }
        }
        output.WriteLine($"{vocabulary}: {groups} groups ({coreGroups} core), {instances} instances, {refused.Values.Sum()} schemas refused");
        foreach (var (reason, count) in refused)
            output.WriteLine($"refused {count}: {reason}");
        foreach (string line in wrong)
            output.WriteLine(line);
        Assert.True(groups > 0);
        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong: {string.Join('\n', wrong.Take(Shown))}");
        Assert.True(refused.Values.Sum() <= MostRefused * groups, $"{refused.Values.Sum()} of {groups} refused");
    }

    private void CheckTexts(string file, string vocabulary, Func<JsonElement, Grammar> grammarOf)
    {
        var tokens = Open(vocabulary);
        var wrong = new List<string>();
        int count = 0, rows = 0, refused = 0;
        foreach (var row in Rows(file))
        {
            rows++;
            bool compiles = !row.TryGetProperty("compile", out var compile) || compile.GetBoolean();
            CompiledGrammar grammar;
            try
            {
                grammar = tokens.Compile(grammarOf(row));
            }
            catch (GrammarException e)
            {
                if (compiles)
                {
                    refused++;
                    output.WriteLine($"refused: {Text(row, "name")}: {e.Message}");
                }
                continue;
            }
            if (!compiles)
            {
                wrong.Add($"{Text(row, "name")}: should not compile");
                continue;
            }
            foreach (var (list, valid) in new[] { ("accept", true), ("reject", false) })
            {
                foreach (string text in row.GetProperty(list).EnumerateArray().Select(text => text.GetString()!))
                {
                    count++;
                    if (Accepts(tokens, grammar, text, out string where) != valid)
                        wrong.Add($"{Text(row, "name")}: {text} should be {(valid ? "accepted" : "rejected")} {where}");
                }
            }
        }
        output.WriteLine($"{file} over {vocabulary}: {rows} grammars, {refused} refused, {count} texts");
        Assert.True(count > 0 && refused <= MostRefused * rows, $"{refused} of {rows} grammars refused");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count} wrong: {string.Join('\n', wrong.Take(Shown))}");
    }

    /// <summary>Compact and spaced, with everything beyond ASCII as itself and escaped.</summary>
    private static IEnumerable<string> Texts(JsonElement data)
    {
        string plain = Write(data, ",", ":", Unescaped);
        return new[] { plain, Write(data, ", ", ": ", Unescaped), Write(data, ",", ":", new JsonSerializerOptions()) }.Distinct();
    }

    private static string Write(JsonElement data, string comma, string colon, JsonSerializerOptions options) => data.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(comma, data.EnumerateObject()
            .Select(member => JsonSerializer.Serialize(member.Name, options) + colon + Write(member.Value, comma, colon, options))) + "}",
        JsonValueKind.Array => "[" + string.Join(comma, data.EnumerateArray().Select(item => Write(item, comma, colon, options))) + "]",
        JsonValueKind.String => JsonSerializer.Serialize(data.GetString(), options),
        _ => data.GetRawText(),
    };

    private static bool IsInformation(JsonElement row, JsonElement test) =>
        test.TryGetProperty("second_oracle_disagrees", out _) ||
        (Text(row, "keyword") == AnnotatedFormat && test.GetProperty("data").ValueKind == JsonValueKind.String);

    private static bool Accepts(GrammarFixture tokens, CompiledGrammar grammar, string text, out string where)
    {
        var matcher = grammar.Start();
        foreach (int id in tokens.Encode(text))
        {
            bool allowed = matcher.Allows(id);
            bool accepted = matcher.TryAccept(id);
            Assert.Equal(allowed, accepted);
            if (!accepted)
            {
                where = $"at token {matcher.Tokens} '{tokens.Spelling(id)}'";
                return false;
            }
        }
        where = "at the end";
        return matcher.IsComplete;
    }

    private static GrammarFixture Open(string vocabulary)
    {
        using var file = GgufFile.Open(GoldenData.Require($"tokenizers/gguf/ggml-vocab-{vocabulary}.gguf"));
        return new GrammarFixture(TokenizerLoader.FromGguf(file.Metadata));
    }

    private static IEnumerable<JsonElement> Rows(string file) =>
        File.ReadLines(GoldenData.Require($"grammar/{file}")).Select(line => JsonElement.Parse(line));

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    /// <summary>A vocabulary, and a tokenizer whose words come as they would in the middle of an answer.</summary>
    private sealed class GrammarFixture(ITokenizer tokenizer)
    {
        private readonly GrammarVocabulary _vocabulary = new(tokenizer);

        public CompiledGrammar Compile(Grammar grammar) => _vocabulary.Compile(grammar);

        public string Spelling(int id) => tokenizer.Spelling(id);

        /// <summary>The text's tokens; byte by byte where the tokenizer would put a space before it or change it.</summary>
        public List<int> Encode(string text)
        {
            var ids = new List<int>();
            tokenizer.Encode(text, default, ids);
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            byte[] spelt = [.. ids.SelectMany(id => tokenizer.Bytes(id).ToArray())];
            if (spelt.Length == bytes.Length + 1 && spelt[0] == ' ' && spelt.AsSpan(1).SequenceEqual(bytes))
            {
                // The space that SentencePiece puts before a text: the first word is spelt without it.
                byte[] first = tokenizer.Bytes(ids[0])[1..].ToArray();
                return [.. first.Select(Byte), .. ids.Skip(1)];
            }
            return spelt.AsSpan().SequenceEqual(bytes) ? ids : [.. bytes.Select(Byte)];
        }

        private int Byte(byte value)
        {
            for (int id = 0; id < tokenizer.VocabularySize; id++)
            {
                if (!tokenizer.IsSpecial(id) && tokenizer.Bytes(id) is [var only] && only == value)
                    return id;
            }
            throw new InvalidOperationException($"no token for the byte {value}");
        }
    }
}
