using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Cpu.Lanes;

/// <summary>
/// IEEE half to single and back in vector registers, for .NET has no intrinsic for F16C. Exact for every half, infinities and NaN included;
/// the way back rounds to nearest even, overflows to infinity and keeps NaN a NaN.
/// </summary>
internal static class Halves
{
    // A half's exponent and fraction moved to their place in a single are its value times 2^-112, subnormals included.
    private const float Rebias = 5.192296858534828e+33f; // 2^112
    private const int SignAndMagnitude = unchecked((int)0x8FFFE000);
    private const int SingleInfinity = 0x7F800000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ToSingle(Vector256<ushort> halves)
    {
        var wide = Vector512.ShiftLeft(Avx512F.ConvertToVector512Int32(halves), 16);
        var value = (Vector512.ShiftRightArithmetic(wide, 3) & Vector512.Create(SignAndMagnitude)).AsSingle() * Vector512.Create(Rebias);
        // Halves at or beyond infinity came out at or beyond 65536; their exponent must be all ones.
        var beyond = Vector512.GreaterThanOrEqual(Vector512.Abs(value), Vector512.Create(65536f));
        return Vector512.ConditionalSelect(beyond, (value.AsInt32() | Vector512.Create(SingleInfinity)).AsSingle(), value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToSingle(Vector128<ushort> halves)
    {
        var wide = Vector256.ShiftLeft(Avx2.ConvertToVector256Int32(halves), 16);
        var value = (Vector256.ShiftRightArithmetic(wide, 3) & Vector256.Create(SignAndMagnitude)).AsSingle() * Vector256.Create(Rebias);
        var beyond = Vector256.GreaterThanOrEqual(Vector256.Abs(value), Vector256.Create(65536f));
        return (value.AsInt32() | (beyond.AsInt32() & Vector256.Create(SingleInfinity))).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> FromSingle(Vector256<float> values)
    {
        var bits = values.AsInt32();
        var sign = Vector256.ShiftRightLogical(bits, 16) & Vector256.Create(0x8000);
        var magnitude = bits & Vector256.Create(0x7FFFFFFF);

        // Normal halves: rebias the exponent, add half of the last place kept (less one where that place is even), cut 13 bits.
        var even = Vector256.ShiftRightLogical(magnitude, 13) & Vector256<int>.One;
        var normal = Vector256.ShiftRightLogical(magnitude + Vector256.Create(0xFFF - (112 << 23)) + even, 13);

        // Below 2^-14 the last place kept is 2^-24 whatever the exponent: adding 0.5 lets the adder round there.
        var tiny = (magnitude.AsSingle() + Vector256.Create(0.5f)).AsInt32() - Vector256.Create(0x3F000000);

        var result = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(0x38800000)), tiny, normal);
        result = Vector256.ConditionalSelect(Vector256.GreaterThan(magnitude, Vector256.Create(0x477FEFFF)), Vector256.Create(0x7C00), result);
        result = Vector256.ConditionalSelect(Vector256.GreaterThan(magnitude, Vector256.Create(SingleInfinity)), Vector256.Create(0x7E00), result);
        result |= sign;
        return Sse41.PackUnsignedSaturate(result.GetLower(), result.GetUpper());
    }
}
