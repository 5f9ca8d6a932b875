using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Cpu.Quant;

/// <summary>Registers whose halves get the same bytes and treat them differently, which is how nibbles of two sub-blocks come apart in order.</summary>
internal static unsafe class Spread512
{
    /// <summary>
    /// The same 32 bytes in both halves. Of 32-bit units: the instruction for 64-bit units, which is Avx512F's, reads elsewhere when the JIT gives it an offset
    /// (it scales a one-byte one by 16 where the processor scales it by 32; .NET 10.0).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Twice(byte* source) => Avx512DQ.BroadcastVector256ToVector512((uint*)source).AsUInt16();

    /// <summary>One number in the lower half, another in the upper: arithmetic that the JIT folds to a constant, as it does not fold halves put together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> ByHalf(ushort lower, ushort upper) =>
        Vector512.ShiftRightLogical(Vector512<ushort>.Indices, 4) * Vector512.Create((ushort)(upper - lower)) + Vector512.Create(lower);
}
