using System.Runtime.CompilerServices;

namespace Sluice.Cpu.Lanes;

/// <summary>One lane at a time: the plain twin of the wide ones.</summary>
internal readonly unsafe struct Words1 : IWordLanes<int, float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Broadcast(int value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Load(byte* source) => *(int*)source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* target, int value) => *(int*)target = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int And(int a, int b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ShiftRight(int value, byte count) => value >>> count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LowBytes(int value) => Pair((sbyte)value, (sbyte)(value >> 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int HighBytes(int value) => Pair((sbyte)(value >> 8), (sbyte)(value >> 24));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MultiplyAdd(int a, int b, int sum) => sum + (short)a * (short)b + (a >> 16) * (b >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToFloat(int value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Pair(int low, int high) => (low & 0xFFFF) | (high << 16);
}
