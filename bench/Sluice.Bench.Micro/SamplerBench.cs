using BenchmarkDotNet.Attributes;
using Sluice.Engine.Sampling;

namespace Sluice.Bench.Micro;

/// <summary>
/// One token drawn from a vocabulary of Qwen's size, with logits as wide as a model's: a few that matter in front of a broad rest.
/// </summary>
public class SamplerBench
{
    private const int Vocabulary = 151_936;

    private readonly float[] _logits = new float[Vocabulary];
    private readonly Sampler _sampler = new(Vocabulary);
    private SamplerState _state = null!;
    private readonly int[] _tokens = new int[1 << 20];
    private int _length;

    [Params("greedy", "plain", "top-k 40", "top-k 40000", "top-p 0.95", "top-k 40, top-p 0.95", "min-p 0.05",
        "flat, top-p 0.95", "typical 0.95", "top-n-sigma 1", "dynamic", "xtc", "mirostat 1", "mirostat 2")]
    public string Filter { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(5);
        float width = Filter.StartsWith("flat", StringComparison.Ordinal) ? 0.5f : 2.5f;
        for (int i = 0; i < _logits.Length; i++)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            _logits[i] = width * (float)normal;
        }
        SamplingOptions options = Filter switch
        {
            "greedy" => SamplingOptions.Greedy,
            "top-k 40" => new() { TopK = 40 },
            "top-k 40000" => new() { TopK = 40_000 },
            "top-p 0.95" or "flat, top-p 0.95" => new() { TopP = 0.95f },
            "top-k 40, top-p 0.95" => new() { TopK = 40, TopP = 0.95f },
            "min-p 0.05" => new() { MinP = 0.05f },
            "typical 0.95" => new() { TypicalP = 0.95f },
            "top-n-sigma 1" => new() { TopNSigma = 1 },
            "dynamic" => new() { TemperatureRange = 0.5f },
            "xtc" => new() { XtcProbability = 1, XtcThreshold = 0.0001f },
            "mirostat 1" => new() { Mirostat = 1 },
            "mirostat 2" => new() { Mirostat = 2 },
            _ => new(),
        };
        _state = new SamplerState(options with { Seed = 1 }, new HashSet<int>(), 1);
    }

    [Benchmark]
    public int Sample()
    {
        _logits.CopyTo(_sampler.Row);
        return _sampler.Sample(_state, _tokens.AsSpan(0, _length++ & 0xFFFFF), 0);
    }
}
