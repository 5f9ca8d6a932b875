using Iced.Intel;
using Sluice.Core;
using Sluice.Core.Quant;
using Sluice.Cpu.Dispatch;
using static Iced.Intel.AssemblerRegisters;

namespace Sluice.Cpu.Emit;

/// <summary>A loop of nothing but one instruction, on enough accumulators that none waits for another.</summary>
/// <param name="Name">The instruction and its registers.</param>
/// <param name="Operations">Multiplications and additions that one of it does.</param>
internal sealed unsafe record PeakLoop(string Name, int Operations, Action<Assembler, int> Write)
{
    // Latency 4 or 5, two at a time; with both factors still within the sixteen registers that instructions without EVEX name.
    private const int Accumulators = 12;

    private static readonly PeakLoop Vnni512 = new("vpdpbusd zmm", 128, static (c, i) => c.vpdpbusd(Zmm(i), zmm0, zmm1));
    private static readonly PeakLoop Vnni256 = new("vpdpbusd ymm", 64, static (c, i) => c.vex.vpdpbusd(Ymm(i), ymm0, ymm1));
    private static readonly PeakLoop Bytes512 = new("vpmaddubsw zmm", 128, static (c, i) => c.vpmaddubsw(Zmm(i), zmm0, zmm1));
    private static readonly PeakLoop Bytes256 = new("vpmaddubsw ymm", 64, static (c, i) => c.vpmaddubsw(Ymm(i), ymm0, ymm1));
    private static readonly PeakLoop Words512 = new("vpmaddwd zmm", 64, static (c, i) => c.vpmaddwd(Zmm(i), zmm0, zmm1));
    private static readonly PeakLoop Words256 = new("vpmaddwd ymm", 32, static (c, i) => c.vpmaddwd(Ymm(i), ymm0, ymm1));
    private static readonly PeakLoop Singles512 = new("vfmadd231ps zmm", 32, static (c, i) => c.vfmadd231ps(Zmm(i), zmm0, zmm1));
    private static readonly PeakLoop Singles256 = new("vfmadd231ps ymm", 16, static (c, i) => c.vfmadd231ps(Ymm(i), ymm0, ymm1));

    public int OperationsPerRound => Accumulators * Operations;

    /// <summary>The loop of the instruction that kernels of this format and variant multiply with; null for scalar ones.</summary>
    public static PeakLoop? For(DType type, KernelVariant variant)
    {
        var format = BlockFormats.Of(type);
        bool floats = format.BlockElements == 1;
        bool wholeBytes = format.BlockBytes >= format.BlockElements; // products of bytes would saturate: they are widened to words first
        return variant switch
        {
            KernelVariant.Avx512Vnni => floats ? Singles512 : Vnni512,
            KernelVariant.Avx512 => floats ? Singles512 : wholeBytes ? Words512 : Bytes512,
            KernelVariant.AvxVnni => floats ? Singles256 : Vnni256,
            KernelVariant.Avx2 => floats ? Singles256 : wholeBytes ? Words256 : Bytes256,
            _ => null,
        };
    }

    /// <summary>void (long rounds): the instruction once per accumulator in each round.</summary>
    public delegate* unmanaged<long, void> Emit() => (delegate* unmanaged<long, void>)Emitter.Emit(c =>
    {
        for (int i = 0; i < 2 + Accumulators; i++)
            c.vxorps(Ymm(i - 2), Ymm(i - 2), Ymm(i - 2)); // the upper half is cleared with it
        var round = c.CreateLabel();
        c.Label(ref round);
        for (int i = 0; i < Accumulators; i++)
            Write(c, i);
        c.dec(rdi);
        c.jnz(round);
        c.vzeroupper();
        c.ret();
    });

    /// <summary>Accumulator <paramref name="i"/>; -2 and -1 are the factors.</summary>
    private static AssemblerRegisterYMM Ymm(int i) => ((ReadOnlySpan<AssemblerRegisterYMM>)
        [ymm0, ymm1, ymm2, ymm3, ymm4, ymm5, ymm6, ymm7, ymm8, ymm9, ymm10, ymm11, ymm12, ymm13])[i + 2];

    private static AssemblerRegisterZMM Zmm(int i) => ((ReadOnlySpan<AssemblerRegisterZMM>)
        [zmm0, zmm1, zmm2, zmm3, zmm4, zmm5, zmm6, zmm7, zmm8, zmm9, zmm10, zmm11, zmm12, zmm13])[i + 2];
}
