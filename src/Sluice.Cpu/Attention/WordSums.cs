namespace Sluice.Cpu.Attention;

/// <summary>What the sums of four queries over V begin with, and where they go.</summary>
internal unsafe struct WordSums
{
    /// <summary>What each query's sums begin with.</summary>
    public int* Biases;

    /// <summary>What they are multiplied by.</summary>
    public float* Scales;

    /// <summary>Rows <see cref="StrideBytes"/> apart.</summary>
    public float* Sums;

    public nint StrideBytes;
}
