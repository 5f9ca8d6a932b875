using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>A stored type whose elements are floats. Elements are read in pairs that follow one another along the axis that is summed over.</summary>
internal unsafe interface IKvFloat
{
    static abstract KvFormat Format { get; }

    /// <summary>A power of two: elements are read as their value over <see cref="Reduction"/>.</summary>
    static abstract float Reduction { get; }

    /// <summary>A power of two by which queries and weights are multiplied before they meet elements, lest products be subnormal.</summary>
    static abstract float Lift { get; }

    /// <summary>The first elements of the pairs of some lanes.</summary>
    static abstract V LoadFirst<L, V>(byte* row) where L : ILanes<V> where V : unmanaged;

    /// <summary>The second ones.</summary>
    /// <param name="rowBytes">Bytes of one row of words.</param>
    static abstract V LoadSecond<L, V>(byte* row, int rowBytes) where L : ILanes<V> where V : unmanaged;

    /// <summary>Stores the first (0) or second (1) element of a pair.</summary>
    static abstract void Store(byte* row, int rowBytes, int which, float value);
}
