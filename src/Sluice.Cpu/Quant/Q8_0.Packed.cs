using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using Sluice.Core.Quant;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;
using Sluice.Cpu.Packed;

namespace Sluice.Cpu.Quant;

internal static unsafe partial class Q8_0
{
    /// <summary>Bytes with the sign bit flipped, which makes them unsigned. Tiles hold four activations in a byte each; what the zero point comes to is
    /// stored negative, as the dots begin with it.</summary>
    public readonly struct Packed : IPackedFormat, ITileEncoding
    {
        public static PackedLayout Layout { get; } = new(Q8_0Format.BlockElements, BlockBytes, HalfOffset: 0, Flip: Q8_0.Flip);

        public static InputForm Input { get; } = new QuantizedForm<PlainRow, Packed, Lanes512, Vector512<float>>(0, PackedTiles.Wide, PackedTiles.Narrowest);

        public static int StepBytes => ByteQuads.StepBytes;

        public static int Steps => ByteQuads.Steps;

        public static int ZeroPoint => -Q8_0.Flip;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Write(sbyte* values, byte* target, int stride) => ByteQuads.Write(values, target, stride);

        public static int TileBlockBytes(int tileRows) => QuantizedTiles<Packed>.BlockBytes(tileRows);

        public static void Write(Assembler c, int tileRows, Fetch fetch) => BlockProduct.Write(c, Layout, nibbles: false, tileRows, fetch);
    }
}
