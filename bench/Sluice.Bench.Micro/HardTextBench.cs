using BenchmarkDotNet.Attributes;
using Sluice.Models.Tokenizers;

namespace Sluice.Bench.Micro;

/// <summary>Encoding one megabyte that holds no place to cut: what a tokenizer of quadratic cost would take hours for.</summary>
[MemoryDiagnoser]
public class HardTextBench
{
    private readonly List<int> _ids = [];
    private ITokenizer _tokenizer = null!;
    private string _text = null!;

    [ParamsSource(nameof(Names))]
    public string Vocabulary { get; set; } = null!;

    /// <summary>word: one letter over and over; letters: drawn at random; emoji: one over and over.</summary>
    [Params("word", "letters", "emoji")]
    public string Text { get; set; } = null!;

    public static IEnumerable<string> Names => TokenizerSamples.Names;

    [GlobalSetup]
    public void Setup()
    {
        _tokenizer = TokenizerSamples.Open(Vocabulary);
        _text = Text switch
        {
            "word" => new string('a', 1_000_000),
            "letters" => new string(new Random(1).GetItems("abcdefghijklmnopqrstuvwxyz".AsSpan(), 1_000_000)),
            _ => string.Concat(Enumerable.Repeat("😀", 250_000)),
        };
    }

    [Benchmark]
    public int Encode()
    {
        _ids.Clear();
        _tokenizer.Encode(_text, default, _ids);
        return _ids.Count;
    }
}
