using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Linear;

/// <summary>A weight format whose elements are floats of some width, read straight into lanes.</summary>
internal unsafe interface IStoredFloat
{
    /// <summary>Bytes of one element.</summary>
    static abstract int Size { get; }

    static abstract V Load<L, V>(byte* source) where L : ILanes<V> where V : unmanaged;
}
