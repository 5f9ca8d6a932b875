using Sluice.Core;

namespace Sluice.Conformance.Twins;

/// <summary>What a KV store is to hold of given values, by the formats' definitions.</summary>
internal static class StoredKv
{
    private const int ScaleDims = 32;

    /// <param name="values">Rows of heads of <paramref name="dim"/> values; blocks of 32 begin anew with each head.</param>
    public static float[] Of(DType type, float[] values, int dim) => type switch
    {
        DType.F32 => values,
        DType.F16 => [.. values.Select(v => (float)(Half)v)],
        DType.Q8_0 => [.. values.Chunk(dim).SelectMany(head => head.Chunk(ScaleDims)).SelectMany(Bytes)],
        DType.Q4_0 => [.. values.Chunk(dim).SelectMany(head => head.Chunk(ScaleDims)).SelectMany(Nibbles)],
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no stored form is defined"),
    };

    private static IEnumerable<float> Bytes(float[] block)
    {
        float greatest = block.Max(MathF.Abs);
        float scale = (float)(Half)(greatest / 127);
        return block.Select(v => scale * MathF.Round(v * (127 / greatest)));
    }

    private static IEnumerable<float> Nibbles(float[] block)
    {
        float exact = block.MaxBy(MathF.Abs) / -8;
        float scale = (float)(Half)exact;
        return block.Select(v => scale * (Math.Min(15, (int)(v * (1 / exact) + 8.5f)) - 8));
    }
}
