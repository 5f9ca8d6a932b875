using System.Text.Json;
using Sluice.Engine.Sampling;

namespace Sluice.Golden;

/// <summary>The steps of the sampler, in the order that a case gives, against probabilities that llama.cpp published or computed.</summary>
public sealed class SamplingTests(ITestOutputHelper output)
{
    // The one case whose expected answer is none: see the proof below.
    private const string SortedByNaN = "gen/5/148";

    [Theory]
    [InlineData("published.jsonl", 31)]
    [InlineData("generated.jsonl", 159)]
    public void Steps_EveryChain_LeaveTheReferenceDistribution(string file, int cases)
    {
        var failures = new List<string>();
        double worst = 0;
        int count = 0;
        foreach (string line in File.ReadLines(GoldenData.Require("sampling/" + file)))
        {
            var given = JsonElement.Parse(line);
            if (given.GetProperty("name").ValueEquals(SortedByNaN))
                continue;
            double difference = Expected(given).Zip(Run(given)).Max(pair => Math.Abs(pair.First - pair.Second));
            worst = Math.Max(worst, difference);
            if (!(difference <= given.GetProperty("tolerance").GetDouble()))
                failures.Add($"{given.GetProperty("name")}: {difference:E2} {given.GetProperty("chain")}");
            count++;
        }
        output.WriteLine($"{file}: {count - failures.Count} of {count} chains, largest difference of a probability {worst:E2}");
        Assert.Empty(failures);
        Assert.Equal(cases, count);
    }

    /// <summary>
    /// Why that case does not count. A bias forbids a token before typical. By definition 0 ln 0 adds nothing to the entropy, and what is
    /// kept are the tokens whose surprise is nearest to it. The reference adds 0 x -inf, has NaN for an entropy and for every distance, and
    /// sorts by that: it keeps the forbidden token itself, and tokens that are further from the entropy than others that it drops.
    /// What the definition asks for is computed here in plain double precision, and is what our steps leave.
    /// </summary>
    [Fact]
    public void Typical_TokenWasForbidden_ReferenceIsNoTypicalSetAndOursIs()
    {
        using var given = JsonDocument.Parse(File.ReadLines(GoldenData.Require("sampling/generated.jsonl"))
            .Single(line => line.Contains($"\"{SortedByNaN}\"", StringComparison.Ordinal)));
        var chain = given.RootElement.GetProperty("chain");
        Assert.Equal(["logit_bias", "penalties", "typical_p", "temperature"], chain.EnumerateArray().Select(Type));
        int forbidden = chain[0].GetProperty("bias").EnumerateArray().Single(b => b[1].ValueKind == JsonValueKind.String)[0].GetInt32();
        double[] logits = Edited(given.RootElement);
        double total = logits.Sum(logit => Math.Exp(logit));
        double[] surprises = [.. logits.Select(logit => Math.Log(total) - logit)];
        double entropy = surprises.Where(double.IsFinite).Sum(surprise => Math.Exp(-surprise) * surprise);
        double Distance(int id) => Math.Abs(surprises[id] - entropy);
        int[] nearest = [.. Enumerable.Range(0, logits.Length).OrderBy(id => Distance(id))];
        double mass = 0;
        int[] typical = [.. nearest.TakeWhile(id => (mass, mass += Math.Exp(-surprises[id])).Item1 <= Number(chain[2], "p"))];

        int[] theirs = [.. given.RootElement.GetProperty("expected").GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
        double[] ours = Run(given.RootElement);

        Assert.Contains(forbidden, theirs);
        Assert.True(theirs.Where(id => id != forbidden).Max(id => Distance(id)) > Enumerable.Range(0, logits.Length).Except(theirs).Min(id => Distance(id)));
        Assert.Equal(typical.Order(), Enumerable.Range(0, ours.Length).Where(id => ours[id] > 0));
        double scaled = typical.Sum(id => Math.Exp(logits[id] / Number(chain[3], "t")));
        Assert.All(typical, id => Assert.Equal(Math.Exp(logits[id] / Number(chain[3], "t")) / scaled, ours[id], 2e-5));
    }

    /// <summary>The logits behind the steps that edit them.</summary>
    private static double[] Edited(JsonElement given)
    {
        float[] logits = Logits(given);
        int[] tokens = [.. given.GetProperty("last_tokens").EnumerateArray().Select(t => t.GetInt32())];
        var draw = new DrawContext(tokens, 0, seed: 1, new TokenScratch(logits.Length));
        foreach (var edit in given.GetProperty("chain").EnumerateArray().Select(Edit).OfType<ILogitEdit>())
            edit.Apply(logits, draw);
        return [.. logits.Select(logit => (double)logit)];
    }

    private static double[] Expected(JsonElement given)
    {
        var expected = new double[Logits(given).Length];
        var answer = given.GetProperty("expected");
        foreach (var (id, probability) in answer.GetProperty("ids").EnumerateArray().Zip(answer.GetProperty("probs").EnumerateArray()))
            expected[id.GetInt32()] = probability.GetDouble();
        return expected;
    }

    private static double[] Run(JsonElement given)
    {
        float[] logits = Logits(given);
        int[] tokens = given.TryGetProperty("last_tokens", out var last) ? [.. last.EnumerateArray().Select(t => t.GetInt32())] : [];
        var draw = new DrawContext(tokens, 0, seed: 1, new TokenScratch(logits.Length));
        var candidates = new Candidates(logits.Length);
        logits.CopyTo(candidates.Row);
        JsonElement[] chain = [.. given.GetProperty("chain").EnumerateArray()];
        foreach (var edit in chain.Select(Edit).OfType<ILogitEdit>())
            edit.Apply(candidates.Row, draw);
        Assert.True(candidates.TryBegin());
        foreach (var filter in chain.Select(Filter).OfType<ICandidateFilter>())
            filter.Apply(candidates, draw);
        double total = candidates.Weigh();
        var probabilities = new double[logits.Length];
        for (int i = 0; i < candidates.Count; i++)
            probabilities[candidates.IdAt(i)] = candidates.Weights[i] / total;
        return probabilities;
    }

    private static float[] Logits(JsonElement given) => given.TryGetProperty("logits", out var logits)
        ? [.. logits.EnumerateArray().Select(l => l.GetSingle())]
        : [.. given.GetProperty("probs").EnumerateArray().Select(p => MathF.Log(p.GetSingle()))];

    private static ILogitEdit? Edit(JsonElement step) => Type(step) switch
    {
        "logit_bias" => new LogitBias([.. step.GetProperty("bias").EnumerateArray().Select(b => new TokenBias(
            b[0].GetInt32(), b[1].ValueKind == JsonValueKind.String ? float.NegativeInfinity : b[1].GetSingle()))]),
        "penalties" => new Penalties(Number(step, "repeat"), Number(step, "frequency"), Number(step, "presence"), Whole(step, "last_n")),
        "dry" => new Dry(Number(step, "multiplier"), Number(step, "base"), Whole(step, "allowed_length"), Whole(step, "last_n"),
            new DryBreakers(
                step.GetProperty("breakers").EnumerateArray().Select(b => b.EnumerateArray().Single().GetInt32()).ToHashSet(), [])),
        _ => null,
    };

    private static ICandidateFilter? Filter(JsonElement step) => Type(step) switch
    {
        "temperature" => new Temperature(Number(step, "t")),
        "dynamic_temperature" when Number(step, "delta") == 0 => new Temperature(Number(step, "t")),
        "dynamic_temperature" => new DynamicTemperature(
            Math.Max(0, Number(step, "t") - Number(step, "delta")), Number(step, "t") + Number(step, "delta"), Number(step, "exponent")),
        "top_k" => Whole(step, "k") == 0 ? null : new TopK(Whole(step, "k")),
        "top_p" => Number(step, "p") >= 1 ? null : new TopP(Number(step, "p"), Whole(step, "min_keep")),
        "min_p" => Number(step, "p") == 0 ? null : new MinP(Number(step, "p"), Whole(step, "min_keep")),
        "typical_p" => new Typical(Number(step, "p"), Whole(step, "min_keep")),
        "xtc" => new Xtc(1, Number(step, "threshold"), Whole(step, "min_keep")),
        "top_n_sigma" => Number(step, "n") == 0 ? null : new TopNSigma(Number(step, "n")),
        "logit_bias" or "penalties" or "dry" => null,
        var other => throw new InvalidDataException($"the reference data has a step {other} that this test does not know"),
    };

    private static string Type(JsonElement step) => step.GetProperty("type").GetString()!;

    private static float Number(JsonElement step, string name) => step.GetProperty(name).GetSingle();

    private static int Whole(JsonElement step, string name) => step.GetProperty(name).GetInt32();
}
