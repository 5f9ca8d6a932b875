using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Sluice.Models.Grammars;

namespace Sluice.Bench.Micro;

/// <summary>
/// Grammars over a vocabulary of 151,665 tokens: masks of every token of every valid instance of the reference schemas, and compilation.
/// The spread over single tokens and schemas, which a mean hides, is printed in the setup: cold is the first time that a vocabulary meets
/// them. Each is the least of several vocabularies' times, since what else runs on the machine only adds to them.
/// </summary>
public class GrammarBench
{
    private const int Padded = 151_936;
    private const int Vocabularies = 5;

    private readonly float[] _logits = new float[Padded];
    private GrammarSamples _samples = null!;
    private (CompiledGrammar Grammar, int[] Tokens)[] _texts = [];
    private int _next;
    private Grammar _schema = null!;
    private GrammarVocabulary _vocabulary = null!;
    private int _number;

    [GlobalSetup]
    public void Setup()
    {
        _samples = new GrammarSamples();
        Measure(); // for the runtime's compiler, which is no part of what is measured
        var times = new MaskTimes[Vocabularies];
        for (int v = 0; v < Vocabularies; v++)
            times[v] = Measure();
        Print("mask, cold", MaskTimes.Least(times, time => time.Cold));
        Print("mask, warm", MaskTimes.Least(times, time => time.Warm));
        Print("compile", MaskTimes.Least(times, time => time.Compile));
        _schema = new Grammar.Schema(
            """
            {"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":0},
            "tags":{"type":"array","items":{"type":"string","maxLength":20}},"role":{"enum":["admin","user"]}},
            "required":["name","age"],"additionalProperties":false}
            """);
    }

    /// <summary>One text: for each of its tokens the mask over all logits, and the token.</summary>
    [Benchmark]
    public int MaskText()
    {
        var (grammar, tokens) = _texts[_next++ % _texts.Length];
        var matcher = grammar.Start();
        foreach (int token in tokens)
        {
            matcher.Mask(_logits);
            matcher.TryAccept(token);
        }
        return matcher.Tokens;
    }

    /// <summary>The mask alone, inside a string, where most tokens are allowed.</summary>
    [Benchmark]
    public bool MaskToken()
    {
        var (grammar, _) = _texts[0];
        return grammar.Start().Mask(_logits);
    }

    /// <summary>A schema of the usual kind that was not compiled before.</summary>
    [Benchmark]
    public CompiledGrammar Compile() =>
        _vocabulary.Compile(new Grammar.Schema(((Grammar.Schema)_schema).Text.TrimEnd()[..^1] + $",\"title\":\"{_number++}\"}}"));

    private MaskTimes Measure()
    {
        _vocabulary = new GrammarVocabulary(_samples.Tokenizer);
        var times = new MaskTimes([], [], []);
        var texts = new List<(CompiledGrammar Grammar, int[] Tokens)>();
        foreach (var (grammar, instances) in _samples.All)
        {
            long start = Stopwatch.GetTimestamp();
            var compiled = _vocabulary.Compile(grammar);
            times.Compile.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            foreach (int[] tokens in instances)
            {
                texts.Add((compiled, tokens));
                Walk(compiled, tokens, times.Cold);
                Walk(compiled, tokens, times.Warm);
            }
        }
        _texts = [.. texts];
        return times;
    }

    private void Walk(CompiledGrammar grammar, int[] tokens, List<double> micros)
    {
        var matcher = grammar.Start();
        foreach (int token in tokens)
        {
            long start = Stopwatch.GetTimestamp();
            matcher.Mask(_logits);
            micros.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            matcher.TryAccept(token);
        }
    }

    private static void Print(string what, List<double> micros)
    {
        micros.Sort();
        string spread = FormattableString.Invariant($"median {At(0.5):F1} us, p90 {At(0.9):F1}, p99 {At(0.99):F1}, most {micros[^1]:F1}");
        Console.WriteLine($"// {what}: {micros.Count} times, {spread}, {micros.Count(time => time > 1000)} above 1 ms");

        double At(double part) => micros[(int)(part * (micros.Count - 1))];
    }
}
