using System.Collections.Frozen;

namespace Sluice.Core.Quant;

/// <summary>
/// The measures of every tensor type a GGUF or safetensors file can name (sources: ggml's type traits, safetensors' Dtype). Recognised here
/// does not mean a backend computes it.
/// </summary>
public static class BlockFormats
{
    private static readonly FrozenDictionary<DType, BlockFormat> ByType = new BlockFormat[]
    {
        new(DType.F32, 1, 4),
        new(DType.F16, 1, 2),
        new(DType.BF16, 1, 2),
        new(DType.F64, 1, 8),
        new(DType.I8, 1, 1),
        new(DType.I16, 1, 2),
        new(DType.I32, 1, 4),
        new(DType.I64, 1, 8),
        new(DType.Q1_0, 128, 18),
        new(DType.Q2_0, 64, 18),
        new(DType.Q4_0, 32, 18),
        new(DType.Q4_1, 32, 20),
        new(DType.Q5_0, 32, 22),
        new(DType.Q5_1, 32, 24),
        new(DType.Q8_0, 32, 34),
        new(DType.Q8_1, 32, 36),
        new(DType.Q2_K, 256, 84),
        new(DType.Q3_K, 256, 110),
        new(DType.Q4_K, 256, 144),
        new(DType.Q5_K, 256, 176),
        new(DType.Q6_K, 256, 210),
        new(DType.Q8_K, 256, 292),
        new(DType.IQ1_S, 256, 50),
        new(DType.IQ1_M, 256, 56),
        new(DType.IQ2_XXS, 256, 66),
        new(DType.IQ2_XS, 256, 74),
        new(DType.IQ2_S, 256, 82),
        new(DType.IQ3_XXS, 256, 98),
        new(DType.IQ3_S, 256, 110),
        new(DType.IQ4_NL, 32, 18),
        new(DType.IQ4_XS, 256, 136),
        new(DType.TQ1_0, 256, 54),
        new(DType.TQ2_0, 256, 66),
        new(DType.MXFP4, 32, 17),
        new(DType.NVFP4, 64, 36),
        new(DType.Bool, 1, 1),
        new(DType.U8, 1, 1),
        new(DType.U16, 1, 2),
        new(DType.U32, 1, 4),
        new(DType.U64, 1, 8),
        new(DType.F4, 2, 1),
        new(DType.F6_E2M3, 4, 3),
        new(DType.F6_E3M2, 4, 3),
        new(DType.F8_E4M3, 1, 1),
        new(DType.F8_E5M2, 1, 1),
        new(DType.F8_E8M0, 1, 1),
        new(DType.C64, 1, 8),
    }.ToFrozenDictionary(f => f.Type);

    /// <summary>The measures of a type that a reader has already accepted.</summary>
    public static BlockFormat Of(DType type) => ByType[type];

    /// <summary>The measures of a type code read from a file, or false for a code this version does not know.</summary>
    public static bool TryGet(DType type, out BlockFormat format) => ByType.TryGetValue(type, out format!);
}
