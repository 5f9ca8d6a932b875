namespace Sluice.Cpu.Dispatch;

/// <summary>The instruction sets kernels are written for, each beyond the one before where both exist.</summary>
internal enum KernelVariant
{
    Scalar,
    Avx2,
    AvxVnni,
    Avx512,
}
