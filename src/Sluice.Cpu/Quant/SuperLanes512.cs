using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Cpu.Quant;

/// <summary>AVX-512: 16 rows.</summary>
internal readonly unsafe struct SuperLanes512 : ISuperLanes<Vector512<int>>
{
    public static int Rows => 16;

    public static Vector512<int> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<int>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(byte* source) => Vector512.Load((int*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast(byte* four) => Vector512.Create(*(int*)four);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(int* target, Vector512<int> value) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyBytes(Vector512<int> unsigned, Vector512<int> signed) =>
        Avx512BW.MultiplyAddAdjacent(unsigned.AsByte(), signed.AsSByte()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyWords(Vector512<int> a, Vector512<int> b) => Avx512BW.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AddWords(Vector512<int> a, Vector512<int> b) => (a.AsInt16() + b.AsInt16()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AddInts(Vector512<int> a, Vector512<int> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LowerWordTwice(Vector512<int> value) =>
        Avx512BW.ShuffleHigh(Avx512BW.ShuffleLow(value.AsInt16(), 0b10_10_00_00), 0b10_10_00_00).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ShiftLeft(Vector512<int> ints, int bits) => Vector512.ShiftLeft(ints, bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> SubtractInts(Vector512<int> a, Vector512<int> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(float* sum, Vector512<int> ints, float* scales, float factor) =>
        Avx512F.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(ints),
            Vector512.Load(scales) * Vector512.Create(factor), Vector512.Load(sum)).Store(sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AccumulateNegated(float* sum, Vector512<int> ints, float* scales, float factor) =>
        Avx512F.FusedMultiplyAddNegated(Avx512F.ConvertToVector512Single(ints),
            Vector512.Load(scales) * Vector512.Create(factor), Vector512.Load(sum)).Store(sum);
}
