using Sluice.Core.Quant;
using Sluice.Cpu.Packed;

namespace Sluice.Cpu.Quant;

internal static unsafe partial class Q4_0
{
    /// <summary>Nibbles as they are stored.</summary>
    public readonly struct Packed : IPackedBlocks
    {
        public static PackedLayout Layout { get; } = new(Q4_0Format.BlockElements, BlockBytes, HalfOffset: 0, Flip: 0);

        public static bool Nibbles => true;

        public static int Zero => Q4_0Format.Zero;
    }
}
