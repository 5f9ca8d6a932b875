using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Attention;

/// <summary>A format KV can be stored in.</summary>
internal unsafe interface IKvElement : IStoredFloat
{
    static abstract void Store<L, V>(byte* target, V value) where L : ILanes<V> where V : unmanaged;
}
