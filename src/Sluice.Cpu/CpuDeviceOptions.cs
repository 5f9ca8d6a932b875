namespace Sluice.Cpu;

/// <summary>What the CPU device may use.</summary>
public sealed record CpuDeviceOptions
{
    /// <summary>Threads that compute, the caller's included; 0 takes one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>Bytes that may be leased for weights, activations and KV; 0 takes four fifths of the memory this process may use.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>
    /// Forces a kernel variant (scalar, avx2, avxvnni, avx512, avx512vnni, avx512bf16); null leaves it to the SLUICE_KERNELS variable, and where that is unset too, each format takes
    /// its fastest exact one: avx512bf16 rounds activations to BF16 where weights are.
    /// </summary>
    public string? Kernels { get; init; }
}
