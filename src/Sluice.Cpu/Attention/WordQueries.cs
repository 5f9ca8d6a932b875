namespace Sluice.Cpu.Attention;

/// <summary>Queries as whole numbers of 16 bits: [query][dim], with [query][scale block] of scales and of what their sums begin with.</summary>
internal unsafe struct WordQueries
{
    /// <summary>Dims that share a scale, as they do in K and V.</summary>
    public const int ScaleDims = 32;

    public short* Words;

    /// <summary>What a sum is multiplied by, the softmax scale included.</summary>
    public float* Scales;

    /// <summary>Minus the sum of the whole numbers, times what stands for zero in K.</summary>
    public int* Biases;

    public int Dims;

    public readonly int Blocks => Dims / ScaleDims;

    public readonly WordQueries From(int query) => this with
    {
        Words = Words + (nint)query * Dims,
        Scales = Scales + (nint)query * Blocks,
        Biases = Biases + (nint)query * Blocks,
    };
}
