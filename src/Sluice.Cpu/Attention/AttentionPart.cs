namespace Sluice.Cpu.Attention;

/// <summary>
/// What one split of the positions, or several, give for the queries of a tile: greatest score, sum of exponentials below it, and their weighted sum of V.
/// Splits are merged in their order into spans, and these in theirs, always, so it does not matter which thread made which.
/// </summary>
internal readonly unsafe struct AttentionPart(byte* memory, int queries, int dimStride)
{
    /// <summary>Greatest score of each query; minus infinity where it sees nothing of the split.</summary>
    public readonly float* Greatest = (float*)memory;

    public readonly float* Sums = (float*)memory + Padded(queries);

    /// <summary>Room for the factors of a merge, in the part that is merged into.</summary>
    public readonly float* Keep = (float*)memory + 2 * Padded(queries);

    public readonly float* Take = (float*)memory + 3 * Padded(queries);

    /// <summary>Weighted sums of V, rows of DimStride floats.</summary>
    public readonly float* Weighted = (float*)memory + 4 * Padded(queries);

    public readonly int DimStride = dimStride;

    public static long Bytes(int queries, int dimStride) => (4L * Padded(queries) + (long)queries * dimStride) * sizeof(float);

    /// <summary>Whole registers, and whole cache lines.</summary>
    private static int Padded(int queries) => (queries + 15) & ~15;
}
