using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Cpu.Quant;

/// <summary>AVX2: 8 rows.</summary>
internal readonly unsafe struct SuperLanes256 : ISuperLanes<Vector256<int>>
{
    public static int Rows => 8;

    public static Vector256<int> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256<int>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(byte* source) => Vector256.Load((int*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(byte* four) => Vector256.Create(*(int*)four);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(int* target, Vector256<int> value) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyBytes(Vector256<int> unsigned, Vector256<int> signed) =>
        Avx2.MultiplyAddAdjacent(unsigned.AsByte(), signed.AsSByte()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyWords(Vector256<int> a, Vector256<int> b) => Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddWords(Vector256<int> a, Vector256<int> b) => (a.AsInt16() + b.AsInt16()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddInts(Vector256<int> a, Vector256<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LowerWordTwice(Vector256<int> value) =>
        Avx2.ShuffleHigh(Avx2.ShuffleLow(value.AsInt16(), 0b10_10_00_00), 0b10_10_00_00).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ShiftLeft(Vector256<int> ints, int bits) => Vector256.ShiftLeft(ints, bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> SubtractInts(Vector256<int> a, Vector256<int> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(float* sum, Vector256<int> ints, float* scales, float factor) =>
        Fma.MultiplyAdd(Avx.ConvertToVector256Single(ints),
            Vector256.Load(scales) * Vector256.Create(factor), Vector256.Load(sum)).Store(sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AccumulateNegated(float* sum, Vector256<int> ints, float* scales, float factor) =>
        Fma.MultiplyAddNegated(Avx.ConvertToVector256Single(ints),
            Vector256.Load(scales) * Vector256.Create(factor), Vector256.Load(sum)).Store(sum);
}
