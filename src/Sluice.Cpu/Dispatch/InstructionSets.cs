using System.Runtime.Intrinsics.X86;
using Sluice.Core.Errors;
using Sluice.Cpu.Emit;

namespace Sluice.Cpu.Dispatch;

/// <summary>Which kernel variants this processor runs, and which one the operator forced.</summary>
internal static class InstructionSets
{
    /// <summary>Names a variant that all kernels are to use where they have it; unset, each format takes its fastest.</summary>
    public const string EnvironmentVariable = "SLUICE_KERNELS";

    public static bool IsSupported(KernelVariant variant) => variant switch
    {
        KernelVariant.Avx512BF16 => IsSupported(KernelVariant.Avx512Vnni) && HasBFloatDot,
        KernelVariant.Avx512Vnni => IsSupported(KernelVariant.Avx512) && HasVnni && Emitter.IsAvailable,
        KernelVariant.Avx512 => Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported,
        KernelVariant.AvxVnni => AvxVnni.IsSupported && Fma.IsSupported,
        KernelVariant.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };

    /// <summary>CPUID leaf 7, ECX bit 11; that the system keeps the registers is AVX-512's own condition.</summary>
    private static bool HasVnni => X86Base.IsSupported && (X86Base.CpuId(7, 0).Ecx >> 11 & 1) == 1;

    /// <summary>CPUID leaf 7.1, EAX bit 5.</summary>
    private static bool HasBFloatDot => X86Base.IsSupported && (X86Base.CpuId(7, 1).Eax >> 5 & 1) == 1;

    public static IEnumerable<KernelVariant> Supported => Enum.GetValues<KernelVariant>().Where(IsSupported);

    public static string NameOf(KernelVariant variant) => variant.ToString().ToLowerInvariant();

    /// <summary>The forced variant that <paramref name="name"/> stands for; null or empty forces none.</summary>
    /// <exception cref="SluiceException">The name is unknown or the processor lacks the variant; the message lists those it has.</exception>
    public static KernelVariant? Parse(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return null;
        foreach (var variant in Enum.GetValues<KernelVariant>())
        {
            if (!name.Equals(NameOf(variant), StringComparison.OrdinalIgnoreCase))
                continue;
            return IsSupported(variant) ? variant : throw new SluiceException(
                $"{EnvironmentVariable}={name}: this processor lacks it; it supports {SupportedNames}");
        }
        throw new SluiceException($"{EnvironmentVariable}={name} is unknown; this processor supports {SupportedNames}");
    }

    private static string SupportedNames => string.Join(", ", Supported.Select(NameOf));
}
