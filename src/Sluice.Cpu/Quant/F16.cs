using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

internal readonly unsafe struct F16 : IStoredFloat
{
    public static int Size => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<L, V>(byte* source) where L : ILanes<V> where V : unmanaged => L.LoadHalf((ushort*)source);
}
