using Sluice.Core.Quant;
using Sluice.Cpu.Packed;

namespace Sluice.Cpu.Quant;

internal static unsafe partial class Q8_0
{
    /// <summary>Bytes with the sign bit flipped, which makes them unsigned.</summary>
    public readonly struct Packed : IPackedBlocks
    {
        public static PackedLayout Layout { get; } = new(Q8_0Format.BlockElements, BlockBytes, HalfOffset: 0, Flip: Q8_0.Flip);

        public static bool Nibbles => false;

        public static int Zero => Q8_0.Flip;
    }
}
