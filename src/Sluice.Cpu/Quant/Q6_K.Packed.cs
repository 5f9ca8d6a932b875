using Sluice.Core.Quant;
using Sluice.Cpu.Packed;

namespace Sluice.Cpu.Quant;

internal readonly partial struct Q6_K : IPackedSuper
{
    public static PackedLayout Layout { get; } = new(SuperBlock.Elements, BlockBytes, Q6_KFormat.ScaleOffset, Flip: 0, Order: [12, 8, 9, 0, 1, 2, 3, 10, 11, 4, 5, 6, 7]);

    public static int HighBits => 2;

    public static int ScalesColumn => Q6_KFormat.ScalesOffset / 4;

    public static (int Column, bool High) Nibbles(int sub, int quad) => ((NibblesOf(sub / 2) + sub % 2 * SubBlock) / 4 + quad, sub / 2 % 4 >= 2);

    public static (int Column, int Bit) Above(int sub, int quad) => ((HighBitsOf(sub / 2) + sub % 2 * SubBlock) / 4 + quad, sub / 2 % 4 * 2);
}
