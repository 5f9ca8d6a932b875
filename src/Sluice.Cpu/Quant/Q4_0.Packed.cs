using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using Sluice.Core.Quant;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;
using Sluice.Cpu.Packed;

namespace Sluice.Cpu.Quant;

internal static unsafe partial class Q4_0
{
    /// <summary>Nibbles as they are stored. Tiles hold four activations in a byte each; what the zero point comes to is
    /// stored negative, as the dots begin with it.</summary>
    public readonly struct Packed : IPackedFormat, ITileEncoding
    {
        public static PackedLayout Layout { get; } = new(Q4_0Format.BlockElements, BlockBytes, HalfOffset: 0, Flip: 0);

        public static InputForm Input { get; } = new QuantizedForm<PlainRow, Packed, Lanes512, Vector512<float>>(0, PackedTiles.Wide, PackedTiles.Narrowest);

        public static int StepBytes => ByteQuads.StepBytes;

        public static int Steps => ByteQuads.Steps;

        public static int ZeroPoint => -Q4_0Format.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Write(sbyte* values, byte* target, int stride) => ByteQuads.Write(values, target, stride);

        public static int TileBlockBytes(int tileRows) => QuantizedTiles<Packed>.BlockBytes(tileRows);

        public static void Write(Assembler c, int tileRows, Fetch fetch) => BlockProduct.Write(c, Layout, nibbles: true, tileRows, fetch);
    }
}
