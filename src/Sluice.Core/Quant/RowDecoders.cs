using System.Collections.Frozen;

namespace Sluice.Core.Quant;

/// <summary>
/// The reference decoder of each format that can be decoded: what its stored bytes mean, exactly. Embedding lookups, scalar kernels and
/// tests read through it.
/// </summary>
public static class RowDecoders
{
    private static readonly FrozenDictionary<DType, RowDecoder> ByType = new Dictionary<DType, RowDecoder>
    {
        [DType.F32] = F32Format.DecodeRow,
        [DType.F16] = F16Format.DecodeRow,
        [DType.BF16] = BF16Format.DecodeRow,
        [DType.Q8_0] = Q8_0Format.DecodeRow,
        [DType.Q4_0] = Q4_0Format.DecodeRow,
        [DType.Q4_K] = Q4_KFormat.DecodeRow,
        [DType.Q5_K] = Q5_KFormat.DecodeRow,
        [DType.Q6_K] = Q6_KFormat.DecodeRow,
    }.ToFrozenDictionary();

    /// <summary>Types with a decoder, in the order of their codes.</summary>
    public static IEnumerable<DType> Types => ByType.Keys.Order();

    public static bool TryGet(DType type, out RowDecoder decoder) => ByType.TryGetValue(type, out decoder!);
}
