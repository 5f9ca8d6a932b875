using System.Runtime.Intrinsics;
using Sluice.Cpu.Elementwise;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Dispatch;

/// <summary>The row kernels of one register width, chosen once per device.</summary>
internal sealed unsafe class LaneKernels
{
    private LaneKernels(KernelVariant variant) => Variant = variant;

    public KernelVariant Variant { get; }

    public required delegate*<in RowArguments, int, int, void> RmsNorm { get; init; }

    public required delegate*<in RowArguments, int, int, void> AddRmsNorm { get; init; }

    public required delegate*<in RowArguments, int, int, void> HeadRmsNorm { get; init; }

    public required delegate*<in RowArguments, int, int, void> Add { get; init; }

    public required delegate*<in RowArguments, int, int, void> SwiGlu { get; init; }

    public required delegate*<float*, float*, float, int, void> AddScaled { get; init; }

    public required delegate*<in RowArguments, int, int, void> FillRopeTable { get; init; }

    public required delegate*<in RowArguments, int, int, void> RotateHalves { get; init; }

    public required delegate*<in RowArguments, int, int, void> RotateInterleaved { get; init; }

    /// <summary>The widest the processor has, or the widest up to <paramref name="forced"/>.</summary>
    public static LaneKernels For(KernelVariant? forced)
    {
        var most = forced ?? KernelVariant.Avx512;
        if (most >= KernelVariant.Avx512 && InstructionSets.IsSupported(KernelVariant.Avx512))
            return Of<Lanes512, Vector512<float>>(KernelVariant.Avx512);
        if (most >= KernelVariant.Avx2 && InstructionSets.IsSupported(KernelVariant.Avx2))
            return Of<Lanes256, Vector256<float>>(KernelVariant.Avx2);
        return Of<Lanes1, float>(KernelVariant.Scalar);
    }

    private static LaneKernels Of<L, V>(KernelVariant variant) where L : ILanes<V> where V : unmanaged => new(variant)
    {
        RmsNorm = &RowKernels<L, V>.RmsNorm,
        AddRmsNorm = &RowKernels<L, V>.AddRmsNorm,
        HeadRmsNorm = &RowKernels<L, V>.HeadRmsNorm,
        Add = &RowKernels<L, V>.Add,
        SwiGlu = &RowKernels<L, V>.SwiGlu,
        AddScaled = &RowKernels<L, V>.AddScaled,
        FillRopeTable = &RopeKernels<L, V>.FillTable,
        RotateHalves = &RopeKernels<L, V>.RotateHalves,
        RotateInterleaved = &RopeKernels<L, V>.RotateInterleaved,
    };
}
