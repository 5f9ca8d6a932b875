using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Core.Quant;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Quant;

/// <summary>What Q4_K and Q5_K share: a pair of halves, then <see cref="SixBitScales"/>, and nibbles of two sub-blocks in the same 32 bytes.</summary>
internal static unsafe class SixBits
{
    /// <summary>The eight scales, a byte each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bytes(byte* packed) => SixBitScales.Scales(*(uint*)packed, *(uint*)(packed + 8));

    /// <summary>The eight minima, a byte each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Minima(byte* packed) => SixBitScales.Minima(*(uint*)(packed + 4), *(uint*)(packed + 8));

    /// <summary>The eight scales, in words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Scales(byte* packed) => Sse41.ConvertToVector128Int16(Vector128.CreateScalarUnsafe(Bytes(packed)).AsByte()).ToVector256Unsafe();

    /// <summary>The eight scales, in words of both halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> ByRun(byte* packed) =>
        Avx2.UnpackLow(Avx2.BroadcastScalarToVector256(Vector128.CreateScalarUnsafe(Bytes(packed))).AsByte(), Vector256<byte>.Zero).AsInt16();

    /// <summary>Nibbles of 32 bytes, with whatever is above them: the low ones in the lower half, the high ones in the upper.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> NibblesByHalf(byte* stored) =>
        Avx512BW.ShiftRightLogicalVariable(Spread512.Twice(stored), Spread512.ByHalf(0, 4)).AsByte();

    /// <summary>Writes the header of a packed super-block and the scales of its sub-blocks for eight rows.</summary>
    /// <param name="columns">The first four columns of the stored super-blocks.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void UnpackHeader<F>(byte* columns, byte* panel) where F : ISuperBlock
    {
        var six = Vector256.Create(0x3F3F3F3Fu);
        var nibbles = Vector256.Create(0x0F0F0F0Fu);
        var upperTwo = Vector256.Create(0x30303030u);
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
