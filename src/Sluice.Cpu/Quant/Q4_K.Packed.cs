using Sluice.Core.Quant;
using Sluice.Cpu.Packed;

namespace Sluice.Cpu.Quant;

internal readonly partial struct Q4_K : IPackedSuper
{
    public static PackedLayout Layout { get; } = new(SuperBlock.Elements, BlockBytes, HalfOffset: -1, Flip: 0);

    public static int HighBits => 0;

    public static int ScalesColumn => 0;

    public static (int Column, bool High) Nibbles(int sub, int quad) => ((Q4_KFormat.QuantsOffset + sub / 2 * SubBlock) / 4 + quad, sub % 2 == 1);

    public static (int Column, int Bit) Above(int sub, int quad) => default;
}
