using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Core.Quant;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Quant;

/// <summary>
/// What Q4_K and Q5_K share: a pair of halves, then <see cref="SixBitScales"/>, and nibbles of two sub-blocks in the same 32 bytes.
/// </summary>
internal static unsafe class SixBits
{
    private const uint Six = 0x3F3F3F3F;
    private const uint Nibbles = 0x0F0F0F0F;
    private const uint UpperTwo = 0x30303030;

    /// <summary>The eight scales, a byte each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bytes(byte* packed) => SixBitScales.Scales(*(uint*)packed, *(uint*)(packed + 8));

    /// <summary>The eight minima, a byte each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Minima(byte* packed) => SixBitScales.Minima(*(uint*)(packed + 4), *(uint*)(packed + 8));

    /// <inheritdoc cref="ISuperRow.Headers"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SuperHeaders Headers(byte* first, byte* second)
    {
        const byte None = 0x80;
        // As 32-bit units: the pair of halves, head, middle, tail; see SixBitScales.
        var stored = Vector256.Create(Vector128.Load((uint*)first), Vector128.Load((uint*)second));
        var tails = Avx2.ShiftRightLogicalVariable(Avx2.Shuffle(stored, 0b11_11_11_11), Vector256.Create(0u, 0, 4, 0, 0, 0, 4, 0));
        var firstFour = stored & Vector256.Create(Six);
        var lastFour = (tails & Vector256.Create(Nibbles)) | (Vector256.ShiftRightLogical(stored, 2) & Vector256.Create(UpperTwo));
        var bytes = Avx.Shuffle(firstFour.AsSingle(), lastFour.AsSingle(), 0b10_01_10_01).AsByte(); // four scales, four minima, four scales, four minima
        var scales = Avx2.Shuffle(bytes, Vector256.Create(
            0, None, 1, None, 2, None, 3, None, 8, None, 9, None, 10, None, 11, None, 0, None, 1, None, 2, None, 3, None, 8, None, 9, None, 10, None, 11, None));
        var minima = Avx2.Shuffle(bytes, Vector256.Create(
            4, None, 5, None, 6, None, 7, None, 12, None, 13, None, 14, None, 15, None, 4, None, 5, None, 6, None, 7, None, 12, None, 13, None, 14, None, 15, None));
        return new SuperHeaders(
            Avx2.Permute2x128(scales, scales, 0x00).AsInt16(), Avx2.Permute2x128(scales, scales, 0x11).AsInt16(), minima.AsInt16(), stored.AsInt32());
    }

    /// <summary>Writes the header of a packed super-block and the scales of its sub-blocks for eight rows.</summary>
    /// <param name="columns">The first four columns of the stored super-blocks.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void UnpackHeader<F>(byte* columns, byte* panel) where F : ISuperBlock
    {
        var six = Vector256.Create(Six);
        var nibbles = Vector256.Create(Nibbles);
        var upperTwo = Vector256.Create(UpperTwo);
        var pair = Vector256.Load((int*)columns);
        var head = Vector256.Load((uint*)(columns + Panel.QuadBytes));
        var middle = Vector256.Load((uint*)(columns + 2 * Panel.QuadBytes));
        var tail = Vector256.Load((uint*)(columns + 3 * Panel.QuadBytes));
        SuperPanel.StoreScales(panel, Halves.UpperScalesToSingle(Vector256.ShiftLeft(pair, 16)));
        SuperPanel.StoreMinScales(panel, Halves.UpperScalesToSingle(pair));
        SuperPanel.StoreSubScales<F>(panel, 0, (head & six).AsInt32());
        SuperPanel.StoreSubScales<F>(panel, 4, ((tail & nibbles) | (Vector256.ShiftRightLogical(head, 2) & upperTwo)).AsInt32());
        SuperPanel.StorePairs(panel, 0, (middle & six).AsInt32());
        SuperPanel.StorePairs(panel, 2, ((Vector256.ShiftRightLogical(tail, 4) & nibbles) | (Vector256.ShiftRightLogical(middle, 2) & upperTwo)).AsInt32());
    }
}
