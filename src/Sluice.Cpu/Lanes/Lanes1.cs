using System.Runtime.CompilerServices;

namespace Sluice.Cpu.Lanes;

/// <summary>One float at a time: the plain twin of the wide ones, and what does their tails.</summary>
internal readonly unsafe struct Lanes1 : ILanes<float>
{
    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Broadcast(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(float* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadHalf(ushort* source) => (float)BitConverter.UInt16BitsToHalf(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadLowHalves(int* words) => Halves.MovedLow(*words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadHighHalves(int* words) => Halves.MovedHigh(*words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadScales(ushort* source) => float.IsFinite(LoadHalf(source)) ? LoadHalf(source) : float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadBFloat(ushort* source) => BitConverter.Int32BitsToSingle(*source << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, float value) => *target = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(sbyte* target, float whole) => *target = (sbyte)(int)whole;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWords(short* target, float value) => *target = (short)MathF.Round(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Abs(float value) => MathF.Abs(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float a, float b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Subtract(float a, float b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Multiply(float a, float b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Divide(float a, float b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAddNegated(float a, float b, float c) => MathF.FusedMultiplyAdd(-a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(float a, float b) => a > b ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Min(float a, float b) => a < b ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float RoundToEven(float value) => MathF.Round(value, MidpointRounding.ToEven);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(float value, float whole)
    {
        float half = MathF.Round(whole * 0.5f);
        return value * PowerOfTwo(half) * PowerOfTwo(whole - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (float Even, float Odd) Deinterleave(float a, float b) => (a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (float First, float Second) Interleave(float even, float odd) => (even, odd);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxOf(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float PowerOfTwo(float whole) => BitConverter.Int32BitsToSingle(((int)whole + 127) << 23);
}
