using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>F32: a word is an element, a pair is two rows.</summary>
internal readonly unsafe struct SingleKv : IKvFloat
{
    public static KvFormat Format => new(1, 0);

    public static float Reduction => 1;

    public static float Lift => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadFirst<L, V>(byte* row) where L : ILanes<V> where V : unmanaged => L.Load((float*)row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadSecond<L, V>(byte* row, int rowBytes) where L : ILanes<V> where V : unmanaged => L.Load((float*)(row + rowBytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* row, int rowBytes, int which, float value) => *(float*)(row + which * rowBytes) = value;
}
