namespace Sluice.Cpu.Dispatch;

/// <summary>The instruction sets kernels are written for, each beyond the one before where both exist.</summary>
internal enum KernelVariant
{
    Scalar,
    Avx2,
    AvxVnni,
    Avx512,

    /// <summary>With kernels emitted at run time, as .NET has no intrinsics for it.</summary>
    Avx512Vnni,

    /// <summary>Likewise; BF16 weights meet activations rounded to BF16, which is why it is never chosen unasked.</summary>
    Avx512BF16,
}
