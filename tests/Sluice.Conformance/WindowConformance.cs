using Sluice.Conformance.Twins;
using Sluice.Core;
using Sluice.Core.Steps;

namespace Sluice.Conformance;

/// <summary>Attention that does not see everything: a window of the most recent positions, with or without the first ones.</summary>
public class WindowConformance
{
    private const int Heads = 4, KvHeads = 2, Dim = 24, Positions = 611;

    public static TheoryData<string, DType, int, KvRetention> Cases()
    {
        var data = new TheoryData<string, DType, int, KvRetention>();
        foreach (var row in new KernelVariants())
        {
            foreach (var type in new[] { DType.F32, DType.F16, DType.Q8_0, DType.Q4_0 })
            {
                foreach (var (blockTokens, sinks, window) in new[] { (16, 0, 1), (5, 0, 40), (16, 4, 40), (16, 0, 300), (32, 270, 64), (8, 3, 700) })
                    data.Add(row, type, blockTokens, new KvRetention(sinks, window));
            }
        }
        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Attend_WithAWindow_MatchesTheDefinition(string variant, DType type, int blockTokens, KvRetention retention)
    {
        var (q, k, v) = Inputs();
        using var rig = new AttentionRig(variant, 2, type, Heads, KvHeads, Dim, blockTokens, Positions, sequences: 1);
        float[] actual = rig.Step(retention, (0, 0, q, k, v))[0];
        (float[] storedK, float[] storedV) = (StoredKv.Of(type, k, Dim), StoredKv.Of(type, v, Dim));
        double tolerance = type is DType.F32 or DType.F16 ? 2e-5 : 5e-4;
        foreach (int row in new[] { 0, 1, 3, 4, 15, 39, 40, 44, 255, 256, 299, 301, 333, 334, 512, Positions - 1 })
        {
            const int Width = Heads * Dim;
            (int, int) hidden = (retention.Sinks, row + 1 - retention.Window);
            double[] expected = NaiveAttention.Attend(q.AsSpan(row * Width, Width), storedK, storedV, row + 1, KvHeads, Dim, rig.Scale, hidden);
            for (int i = 0; i < Width; i++)
                Assert.Equal(expected[i], actual[row * Width + i], tolerance);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Attend_InChunksThatDropBlocks_BitIdenticalToWholeThatKeepsThem(string variant, DType type, int blockTokens, KvRetention retention)
    {
        var (q, k, v) = Inputs();
        using var whole = new AttentionRig(variant, 2, type, Heads, KvHeads, Dim, blockTokens, Positions, sequences: 1);
        float[] expected = whole.Step(retention, (0, 0, q, k, v))[0];
        foreach (int chunk in new[] { 1, 7, 64 })
        {
            using var rig = new AttentionRig(variant, 3, type, Heads, KvHeads, Dim, blockTokens, Positions, sequences: 1);
            Assert.Equal(Bits(expected), Bits(InChunks(rig, chunk, retention, q, k, v)));
        }
    }

    public static TheoryData<string, DType, KvRetention> LongCases()
    {
        var data = new TheoryData<string, DType, KvRetention>();
        foreach (var row in new KernelVariants())
        {
            foreach (var type in new[] { DType.F16, DType.Q8_0, DType.Q4_0 })
            {
                foreach (var (sinks, window) in new[] { (0, 0), (4, 1150), (300, 630), (1100, 900), (1500, 1150) })
                    data.Add(row, type, new KvRetention(sinks, window));
            }
        }
        return data;
    }

    /// <summary>So many positions that the splits which are merged first are several, with sinks that end in the window's first, in one before it, or in another.</summary>
    [Theory, MemberData(nameof(LongCases))]
    public void Attend_LongContext_OneByOneOrTogetherTheDefinition(string variant, DType type, KvRetention retention)
    {
        const int Positions = 2700, Together = 2660, Width = Heads * Dim;
        float[] k = Samples.Floats(2, Positions * KvHeads * Dim, 2f), v = Samples.Floats(3, Positions * KvHeads * Dim, 2f), q = Samples.Floats(1, Positions * Width, 3f);
        (float[] storedK, float[] storedV) = (StoredKv.Of(type, k, Dim), StoredKv.Of(type, v, Dim));
        double tolerance = type is DType.F32 or DType.F16 ? 2e-5 : 5e-4;
        using var whole = new AttentionRig(variant, 2, type, Heads, KvHeads, Dim, 16, Positions, sequences: 1);
        using var single = new AttentionRig(variant, 3, type, Heads, KvHeads, Dim, 16, Positions, sequences: 1);
        foreach (var rig in new[] { whole, single }) // what came before is only stored: a query that sees everything for each would take long
            rig.Append(0, k[..(Together * KvHeads * Dim)], v[..(Together * KvHeads * Dim)]);
        float[] expected = whole.Step(retention, (0, Together, q[(Together * Width)..], k[(Together * KvHeads * Dim)..], v[(Together * KvHeads * Dim)..]))[0];
        for (int row = Together; row < Positions; row++)
        {
            float[] actual = single.Step(retention, (0, row, Rows(q, row, 1, Heads), Rows(k, row, 1, KvHeads), Rows(v, row, 1, KvHeads)))[0];
            Assert.Equal(Bits(expected[((row - Together) * Width)..((row - Together + 1) * Width)]), Bits(actual));
            if (row % 13 != 0)
                continue;
            (int, int) hidden = retention.Window == 0 ? default : (retention.Sinks, row + 1 - retention.Window);
            double[] defined = NaiveAttention.Attend(q.AsSpan(row * Width, Width), storedK, storedV, row + 1, KvHeads, Dim, single.Scale, hidden);
            for (int i = 0; i < Width; i++)
                Assert.Equal(defined[i], actual[i], tolerance);
        }
    }

    [Theory, ClassData(typeof(KernelVariants))]
    public void Attend_WindowOfTheModel_GoesBeforeTheSequences(string variant)
    {
        const int Window = 40;
        var (q, k, v) = Inputs();
        using var chosen = new AttentionRig(variant, 2, DType.F16, Heads, KvHeads, Dim, 16, Positions, sequences: 1);
        using var built = new AttentionRig(variant, 2, DType.F16, Heads, KvHeads, Dim, 16, Positions, sequences: 1, Window);
        float[] expected = chosen.Step(new KvRetention(0, Window), (0, 0, q, k, v))[0];
        Assert.Equal(Bits(expected), Bits(built.Step(new KvRetention(2, 9), (0, 0, q, k, v))[0]));
    }

    private static float[] InChunks(AttentionRig rig, int chunk, KvRetention retention, float[] q, float[] k, float[] v)
    {
        var all = new List<float>();
        for (int first = 0; first < Positions; first += chunk)
        {
            int rows = Math.Min(chunk, Positions - first);
            all.AddRange(rig.Step(retention, (0, first, Rows(q, first, rows, Heads), Rows(k, first, rows, KvHeads), Rows(v, first, rows, KvHeads)))[0]);
        }
        return [.. all];
    }

    private static (float[] Q, float[] K, float[] V) Inputs() =>
        (Samples.Floats(1, Positions * Heads * Dim, 3f), Samples.Floats(2, Positions * KvHeads * Dim, 2f), Samples.Floats(3, Positions * KvHeads * Dim, 2f));

    private static float[] Rows(float[] values, int first, int count, int heads) =>
        values.AsSpan(first * heads * Dim, count * heads * Dim).ToArray();

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
