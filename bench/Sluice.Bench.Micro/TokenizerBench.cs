using BenchmarkDotNet.Attributes;
using Sluice.Models.Tokenizers;

namespace Sluice.Bench.Micro;

/// <summary>
/// Encoding a text and decoding its ids on one core, by published vocabularies of each kind. The same work for npm's tokenizers is in
/// bench/peers/tokenizers.mjs.
/// </summary>
[MemoryDiagnoser]
public class TokenizerBench
{
    private readonly List<int> _ids = [];
    private ITokenizer _tokenizer = null!;
    private string _text = null!;
    private int[] _encoded = null!;

    [ParamsSource(nameof(Names))]
    public string Vocabulary { get; set; } = null!;

    [ParamsSource(nameof(Texts))]
    public string Text { get; set; } = null!;

    public static IEnumerable<string> Names => TokenizerSamples.Names;

    public static IEnumerable<string> Texts => TokenizerSamples.Texts;

    [GlobalSetup]
    public void Setup()
    {
        _tokenizer = TokenizerSamples.Open(Vocabulary);
        _text = TokenizerSamples.Text(Text);
        Encode();
        _encoded = [.. _ids];
    }

    [Benchmark]
    public int Encode()
    {
        _ids.Clear();
        _tokenizer.Encode(_text, default, _ids);
        return _ids.Count;
    }

    /// <summary>As an answer is decoded: one token at a time, a string for each.</summary>
    [Benchmark]
    public int Decode()
    {
        var detokenizer = _tokenizer.CreateDetokenizer(showSpecial: true);
        int characters = 0;
        foreach (int id in _encoded)
            characters += detokenizer.Append(id).Length;
        return characters + detokenizer.Flush().Length;
    }
}
