using Sluice.Conformance.Twins;
using Sluice.Core;
using Sluice.Core.Steps;

namespace Sluice.Conformance;

/// <summary>How much attention blocks get, and attention over tables from which blocks were taken.</summary>
public class ObserveConformance
{
    private const int Heads = 4, KvHeads = 2, Dim = 24, Positions = 200;

    private static readonly KvRetention Keep = new(4, 40, 32);

    public static TheoryData<string, DType, int> Cases()
    {
        var data = new TheoryData<string, DType, int>();
        foreach (var row in new KernelVariants())
        {
            foreach (var type in new[] { DType.F32, DType.F16, DType.Q8_0, DType.Q4_0 })
            {
                data.Add(row, type, 16);
                data.Add(row, type, 24);
            }
        }
        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Observe_Rows_CountsWhatTheDefinitionGives(string variant, DType type, int blockTokens)
    {
        var (q, k, v) = Inputs();
        using var rig = new AttentionRig(variant, 2, type, Heads, KvHeads, Dim, blockTokens, Positions, sequences: 1);
        rig.Step(Keep, (0, 0, q, k, v));
        double[] expected = Expected(q, StoredKv.Of(type, k, Dim), blockTokens, rig.Scale);
        double tolerance = type is DType.F32 or DType.F16 ? 1e-4 : 0.02; // queries are rounded too beside quantised KV
        for (int b = 0; b < expected.Length; b++)
            Assert.Equal(expected[b], rig.Observed[b] / (double)StepBatch.AttentionUnit, tolerance * (1 + expected[b]));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Observe_InChunks_IsTheSameToTheLastBit(string variant, DType type, int blockTokens)
    {
        var (q, k, v) = Inputs();
        using var whole = new AttentionRig(variant, 2, type, Heads, KvHeads, Dim, blockTokens, Positions, sequences: 1);
        whole.Step(Keep, (0, 0, q, k, v));
        using var rig = new AttentionRig(variant, 3, type, Heads, KvHeads, Dim, blockTokens, Positions, sequences: 1);
        for (int first = 0; first < Positions; first += 7)
        {
            int rows = Math.Min(7, Positions - first);
            rig.Step(Keep, (0, first, Rows(q, first, rows, Heads), Rows(k, first, rows, KvHeads), Rows(v, first, rows, KvHeads)));
        }
        Assert.Equal(whole.Observed, rig.Observed);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Attend_BlocksTakenOut_SeesTheOthersAndItself(string variant, DType type, int blockTokens)
    {
        const int Width = Heads * Dim;
        var (q, k, v) = Inputs();
        using var rig = new AttentionRig(variant, 2, type, Heads, KvHeads, Dim, blockTokens, Positions, sequences: 1);
        int before = Positions / blockTokens * blockTokens;
        rig.Step(Keep, (0, 0, Rows(q, 0, before, Heads), Rows(k, 0, before, KvHeads), Rows(v, 0, before, KvHeads)));
        rig.TakeOut(2, 2);
        int rest = Positions - before;
        float[] actual = rig.Step(Keep, (0, before, Rows(q, before, rest, Heads), Rows(k, before, rest, KvHeads), Rows(v, before, rest, KvHeads)))[0];
        (float[] storedK, float[] storedV) = (StoredKv.Of(type, k, Dim), StoredKv.Of(type, v, Dim));
        double tolerance = type is DType.F32 or DType.F16 ? 2e-5 : 5e-4;
        for (int row = 0; row < rest; row++)
        {
            double[] expected = NaiveAttention.Attend(
                q.AsSpan((before + row) * Width, Width), storedK, storedV, before + row + 1, KvHeads, Dim, rig.Scale, (2 * blockTokens, 4 * blockTokens));
            for (int i = 0; i < Width; i++)
                Assert.Equal(expected[i], actual[row * Width + i], tolerance);
        }
    }

    /// <summary>Shares of the rows that end a block, summed over heads.</summary>
    private static double[] Expected(float[] q, float[] k, int blockTokens, double scale)
    {
        var given = new double[(Positions + blockTokens - 1) / blockTokens];
        for (int row = blockTokens - 1; row < Positions; row += blockTokens)
        {
            for (int h = 0; h < Heads; h++)
            {
                var weights = new double[row + 1];
                for (int p = 0; p <= row; p++)
                {
                    double score = 0;
                    for (int d = 0; d < Dim; d++)
                        score += q[(row * Heads + h) * Dim + d] * (double)k[(p * KvHeads + h / (Heads / KvHeads)) * Dim + d];
                    weights[p] = Math.Exp(scale * score);
                }
                double sum = weights.Sum();
                for (int p = 0; p <= row; p++)
                    given[p / blockTokens] += weights[p] / sum;
            }
        }
        return given;
    }

    private static (float[] Q, float[] K, float[] V) Inputs() =>
        (Samples.Floats(1, Positions * Heads * Dim, 3f), Samples.Floats(2, Positions * KvHeads * Dim, 2f), Samples.Floats(3, Positions * KvHeads * Dim, 2f));

    private static float[] Rows(float[] values, int first, int count, int heads) =>
        values.AsSpan(first * heads * Dim, count * heads * Dim).ToArray();
}
