namespace Sluice.Cpu.Attention;

/// <summary>
/// What one split of the positions gives for the queries of a tile: greatest score, sum of exponentials below it, and their weighted sum of V. Parts
/// are merged in the order of the splits, always, so it does not matter which thread made which.
/// </summary>
internal readonly unsafe struct AttentionPart(byte* memory, int queries, int dimStride)
{
    /// <summary>Greatest score of each query; minus infinity where it sees nothing of the split.</summary>
    public readonly float* Greatest = (float*)memory;

    public readonly float* Sums = (float*)memory + queries;

    /// <summary>Weighted sums of V, rows of DimStride floats.</summary>
    public readonly float* Weighted = (float*)(memory + Head(queries));

    public readonly int DimStride = dimStride;

    public static long Bytes(int queries, int dimStride) => Head(queries) + (long)queries * dimStride * sizeof(float);

    private static long Head(int queries) => (2L * queries * sizeof(float) + 63) & ~63L;
}
