using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;
using Sluice.Cpu.Quant;

namespace Sluice.Cpu.Packed;

/// <summary>
/// Packed blocks of 32 elements and their product. Tiles hold four activations in a byte each; what the zero point comes to is stored negative,
/// as the dots begin with it.
/// </summary>
internal readonly unsafe struct PackedBlocks<F> : IPackedFormat, ITileEncoding where F : IPackedBlocks
{
    public static PackedLayout Layout => F.Layout;

    public static InputForm Input { get; } =
        new QuantizedForm<PlainRow, PackedBlocks<F>, Lanes512, Vector512<float>>(0, PackedTiles.Wide, PackedTiles.Narrowest);

    public static int StepBytes => ByteQuads.StepBytes;

    public static int Steps => ByteQuads.Steps;

    public static bool InOrder => ByteQuads.InOrder;

    public static int ZeroPoint => -F.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(sbyte* values, byte* target, int stride) => ByteQuads.Write(values, target, stride);

    public static int TileBlockBytes(int tileRows) => QuantizedTiles<PackedBlocks<F>>.BlockBytes(tileRows);

    public static void Write(Assembler c, int tileRows, Fetch fetch) => BlockProduct.Write(c, Layout, F.Nibbles, tileRows, fetch);

    public static void WriteRow(Assembler c) => BlockProduct.WriteRow(c, Layout, F.Nibbles, Fetch.Nothing);
}
