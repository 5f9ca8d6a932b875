using System.Runtime.CompilerServices;
using Sluice.Cpu.Attention;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Quant;

internal readonly unsafe struct F32 : IKvElement
{
    public static int Size => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<L, V>(byte* source) where L : ILanes<V> where V : unmanaged => L.Load((float*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<L, V>(byte* target, V value) where L : ILanes<V> where V : unmanaged => L.Store((float*)target, value);
}
