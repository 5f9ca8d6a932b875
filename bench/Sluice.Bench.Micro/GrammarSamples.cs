using System.Text.Json;
using Sluice.Models.Grammars;
using Sluice.Models.Tokenizers;

namespace Sluice.Bench.Micro;

/// <summary>The schemas of the reference data with their valid instances, as tokens of Qwen's vocabulary.</summary>
internal sealed class GrammarSamples
{
    private readonly List<(Grammar Grammar, List<int[]> Texts)> _samples = [];

    public GrammarSamples()
    {
        Tokenizer = TokenizerSamples.Open("qwen2_5");
        foreach (string line in File.ReadLines(SampleFiles.Golden("grammar", "json-schema-suite.jsonl")))
        {
            var row = JsonElement.Parse(line);
            var texts = row.GetProperty("tests").EnumerateArray().Where(test => test.GetProperty("valid").GetBoolean())
                .Select(test => Encode(test.GetProperty("data").GetRawText())).ToList();
            _samples.Add((new Grammar.Schema(row.GetProperty("schema").GetRawText()), texts));
        }
        foreach (string line in File.ReadLines(SampleFiles.Golden("grammar", "llama-schema.jsonl")))
        {
            var row = JsonElement.Parse(line);
            var texts = row.GetProperty("accept").EnumerateArray().Select(text => Encode(text.GetString()!)).ToList();
            _samples.Add((new Grammar.Schema(row.GetProperty("schema").GetRawText()), texts));
        }
        var vocabulary = new GrammarVocabulary(Tokenizer);
        _samples.RemoveAll(sample => !Compiles(vocabulary, sample.Grammar));
    }

    public ITokenizer Tokenizer { get; }

    /// <summary>Those that compile.</summary>
    public IReadOnlyList<(Grammar Grammar, List<int[]> Texts)> All => _samples;

    private int[] Encode(string text)
    {
        var ids = new List<int>();
        Tokenizer.Encode(text, default, ids);
        return [.. ids];
    }

    private static bool Compiles(GrammarVocabulary vocabulary, Grammar grammar)
    {
        try
        {
            vocabulary.Compile(grammar);
            return true;
        }
        catch (GrammarException)
        {
            return false;
        }
    }
}
