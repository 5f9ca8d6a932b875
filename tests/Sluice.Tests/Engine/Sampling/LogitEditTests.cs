using Sluice.Engine.Sampling;

namespace Sluice.Tests.Engine.Sampling;

public sealed class LogitEditTests
{
    [Fact]
    public void Penalties_CountsAndPresence_SubtractAsDefined() =>
        Assert.Equal([1f, 1 - 1.25f, 1 - 0.75f, 1f], // the prompt's own token is not counted
            Edited([1, 1, 1, 1], new() { FrequencyPenalty = 0.5f, PresencePenalty = 0.25f }, prompt: [0], answer: [1, 1, 2]));

    [Fact]
    public void Penalties_Repetition_CoversPromptAndAnswer() =>
        Assert.Equal([2f, -8f, 4f], Edited([4, -4, 4], new() { RepetitionPenalty = 2 }, prompt: [0, -1], answer: [1]));

    [Fact]
    public void Penalties_Window_LooksAtTheLastTokensOfBoth() =>
        Assert.Equal([4f, 2 - 1, 2 - 2],
            Edited([4, 4, 4], new() { RepetitionPenalty = 2, FrequencyPenalty = 1, PenaltyWindow = 3 }, prompt: [0, 2], answer: [1, 2]));

    [Fact]
    public void LogitBias_AddsAndForbids() =>
        Assert.Equal([1f, 6f, float.NegativeInfinity],
            Edited([1, 1, 1], new() { LogitBias = [new(1, 5), new(2, float.NegativeInfinity), new(99, 1)] }, [], []));

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void MinTokens_UntilTheAnswerHasThem_ForbidsItsEnd(int answered, bool forbidden) =>
        Assert.Equal(
            forbidden, float.IsNegativeInfinity(Edited([1, 1, 1], new() { MinTokens = 2 }, [0], [.. new int[answered]], ends: [2])[2]));

    [Fact]
    public void IgnoreEnd_Always_ForbidsTheEnd() =>
        Assert.Equal([1f, 1, float.NegativeInfinity], Edited([1, 1, 1], new() { IgnoreEnd = true }, [0], [0, 1, 0, 1], ends: [2]));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Dry_RandomTokens_PunishesAsTheDefinitionSays(int allowed)
    {
        var random = new Random(allowed);
        for (int round = 0; round < 300; round++)
        {
            int[] tokens = [.. Enumerable.Range(0, random.Next(1, 80)).Select(_ => random.Next(3))];
            int window = random.Next(2) == 0 ? -1 : random.Next(1, 60);
            int[][] breakers = random.Next(3) switch { 0 => [], 1 => [[2]], _ => [[0, 1], [2, 2, 2]] };
            var options = new SamplingOptions
            {
                DryMultiplier = 0.8f,
                DryBase = 1.5f,
                DryAllowedLength = allowed,
                DryWindow = window,
                DryBreakers = Breakers(breakers),
            };
            float[] edited = Edited(new float[3], options, tokens, []);
            float[] expected = NaiveDry(tokens, options, breakers);
            for (int t = 0; t < 3; t++)
                Assert.True(Math.Abs(expected[t] - edited[t]) <= 1e-4f * Math.Abs(expected[t]),
                    $"{string.Join(' ', tokens)}: {expected[t]} {edited[t]}");
        }
    }

    [Fact]
    public void Dry_OneTokenForever_IsLinear()
    {
        float[] edited = Edited(new float[3], new() { DryMultiplier = 1 }, new int[1_000_000], []);
        Assert.True(edited[0] < -1e30f && float.IsFinite(edited[0])); // the exponent stops where a float would not hold the result
        Assert.Equal([0, 0], edited[1..]);
    }

    /// <summary>For each next token the longest end of the text that went on with it before, tried out length by length.</summary>
    private static float[] NaiveDry(int[] tokens, SamplingOptions o, int[][] breakers)
    {
        int[] window = o.DryWindow < 0 ? tokens : [.. tokens.TakeLast(o.DryWindow)];
        int reach = window.Length;
        for (int back = 0; back < window.Length && reach == window.Length; back++)
        {
            int start = window.Length - 1 - back;
            int longest = breakers.Where(b => window.Skip(start).Take(b.Length).SequenceEqual(b))
                .Select(b => b.Length).DefaultIfEmpty().Max();
            if (longest > 0)
                reach = back + 1 - longest;
        }
        var result = new float[3];
        for (int next = 0; next < 3; next++)
        {
            int best = 0;
            for (int at = 1; at < window.Length; at++)
            {
                if (window[at] != next)
                    continue;
                int length = 0;
                while (length < at && length < reach && window[at - 1 - length] == window[^(1 + length)])
                    length++;
                best = Math.Max(best, length);
            }
            if (best >= o.DryAllowedLength && window.Length > o.DryAllowedLength && !breakers.Any(b => b.Length == 1 && b[0] == next))
                result[next] = -o.DryMultiplier * MathF.Pow(o.DryBase, best - o.DryAllowedLength);
        }
        return result;
    }

    private static DryBreakers Breakers(int[][] breakers) =>
        new(breakers.Where(b => b.Length == 1).Select(b => b[0]).ToHashSet(), [.. breakers.Where(b => b.Length > 1)]);

    private static float[] Edited(float[] logits, SamplingOptions options, int[] prompt, int[] answer, int[]? ends = null)
    {
        var draw = new DrawContext([.. prompt, .. answer], prompt.Length, 1, new TokenScratch(logits.Length));
        foreach (var edit in SamplerRegistry.Edits(options, (ends ?? []).ToHashSet()))
        {
            float[] before = [.. logits];
            edit.Apply(logits, draw);
            before.CopyTo(logits);
            edit.Apply(logits, draw); // once more: it left nothing behind
        }
        return logits;
    }
}
