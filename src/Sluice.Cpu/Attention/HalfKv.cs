using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>
/// F16, two in a word: five operations on registers of words decode both, where widening 16 bits to 32 first takes six. They come out as 2^-112 of their
/// value (<see cref="Halves"/>); to multiply each back would cost a fifth of all multiplications, so queries and weights are lifted instead.
/// </summary>
internal readonly unsafe struct HalfKv : IKvFloat
{
    public static KvFormat Format => new(2, 0);

    public static float Reduction => Halves.MovedReduction;

    /// <summary>Leaves products at 2^-12 of their value, and queries up to 2^27 finite.</summary>
    public static float Lift => 1.2676506002282294e+30f; // 2^100

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadFirst<L, V>(byte* row) where L : ILanes<V> where V : unmanaged => L.LoadLowHalves((int*)row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadSecond<L, V>(byte* row, int rowBytes) where L : ILanes<V> where V : unmanaged => L.LoadHighHalves((int*)row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* row, int rowBytes, int which, float value) => ((Half*)row)[which] = (Half)value;
}
