using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Cpu.Quant;

/// <summary>
/// A <see cref="Panel"/> of 32 rows of super-blocks, unpacked, the same for all formats. A packed super-block is, each for all rows: the
/// scale and the scale of minima as singles; pairs of 16-bit factors for the sums of activations (the minima, or for a format with a zero
/// point the scales); then for each sub-block its scale as an integer and its quads of unsigned quants.
/// </summary>
internal static unsafe class SuperPanel
{
    public const int ScalesOffset = 0;
    public const int MinScalesOffset = Panel.QuadBytes;

    /// <summary>The zero point of formats without minima is 32.</summary>
    public const int ZeroBits = 5;

    private const int Alignment = 64;
    private const int PairsOffset = 2 * Panel.QuadBytes;

    /// <summary>Pairs of factors: four for sums of 32, eight for sums of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PairCount<F>() where F : ISuperBlock => F.SubBlock == 16 ? SuperTiles.Pairs16 : SuperTiles.Pairs32;

    /// <summary>Bytes of a packed super-block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BlockBytes<F>() where F : ISuperBlock => SubBlocksOffset<F>() + SuperBlock.Elements / F.SubBlock * SubBlockBytes<F>();

    /// <summary>Where the sub-blocks begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SubBlocksOffset<F>() where F : ISuperBlock => PairsOffset + PairCount<F>() * Panel.QuadBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SubBlockBytes<F>() where F : ISuperBlock => (1 + F.SubBlock / 4) * Panel.QuadBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Scales(byte* panel) => (float*)(panel + ScalesOffset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* MinScales(byte* panel) => (float*)(panel + MinScalesOffset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Pair(byte* panel, int pair) => panel + PairOffset(pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PairOffset(int pair) => PairsOffset + pair * Panel.QuadBytes;

    /// <summary>The quads of a sub-block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Quads<F>(byte* panel, int sub) where F : ISuperBlock => SubScale<F>(panel, sub) + Panel.QuadBytes;

    /// <summary>Packs super-blocks of 32 rows.</summary>
    /// <param name="rows">First super-block of each row.</param>
    /// <param name="first">The first one to pack.</param>
    /// <param name="next">What will be packed next, which is fetched meanwhile; need not be readable.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Pack<F>(byte** rows, int first, int blocks, byte* next, byte* panel) where F : ISuperPanel
    {
        byte* memory = stackalloc byte[(F.BlockBytes + 15) / 16 * 4 * Panel.QuadBytes + Alignment];
        byte* columns = (byte*)(((nint)memory + Alignment - 1) & -Alignment); // no store may span two cache lines
        for (int b = first; b < first + blocks; b++, panel += BlockBytes<F>())
        {
            for (byte* stop = next + Panel.Rows * F.BlockBytes; next < stop; next += 64)
                Sse.Prefetch1(next);
            Transpose<F>(rows, (nint)b * F.BlockBytes, columns);
            for (int part = 0; part < Panel.QuadBytes; part += Vector256<byte>.Count)
                F.Unpack(columns + part, panel + part);
        }
    }

    /// <summary>
    /// The stored bytes of a super-block of all rows, so that lanes are rows: column i has bytes 4i to 4i + 3. Where a block is no multiple
    /// of 16 bytes, its last 16 are four further columns.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose<F>(byte** rows, nint at, byte* columns) where F : ISuperBlock
    {
        for (int column = 0; column < F.BlockBytes; column += 16, columns += 4 * Panel.QuadBytes)
        {
            nint from = at + Math.Min(column, F.BlockBytes - 16);
            for (int r = 0; r < Panel.Rows; r += 8)
                Panel.Transpose(rows + r, from, Vector256<int>.Zero, columns + 4 * r);
        }
    }

    /// <summary>What follows writes eight rows, beginning where <paramref name="panel"/> points within the first column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreScales(byte* panel, Vector256<float> scales) => scales.Store(Scales(panel));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMinScales(byte* panel, Vector256<float> scales) => scales.Store(MinScales(panel));

    /// <summary>Two pairs from four signed bytes: the even ones, then the odd ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(byte* panel, int first, Vector256<int> bytes)
    {
        var odd = bytes.AsInt16();
        Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(odd, 8), 8).Store((short*)Pair(panel, first));
        Vector256.ShiftRightArithmetic(odd, 8).Store((short*)Pair(panel, first + 1));
    }

    /// <summary>The scales of four sub-blocks from signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSubScales<F>(byte* panel, int first, Vector256<int> bytes) where F : ISuperBlock
    {
        Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(bytes, 24), 24).Store((int*)SubScale<F>(panel, first));
        Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(bytes, 16), 24).Store((int*)SubScale<F>(panel, first + 1));
        Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(bytes, 8), 24).Store((int*)SubScale<F>(panel, first + 2));
        Vector256.ShiftRightArithmetic(bytes, 24).Store((int*)SubScale<F>(panel, first + 3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* SubScale<F>(byte* panel, int sub) where F : ISuperBlock => panel + SubBlocksOffset<F>() + sub * SubBlockBytes<F>();
}
