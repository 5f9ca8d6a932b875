using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Sluice.Cpu.Emit;

/// <summary>
/// A <see cref="BytePanel"/> times a tile of activations with 512-bit VNNI: one instruction for 64 products. Lanes are weight rows, in two
/// registers; each activation row has its two sums.
/// </summary>
internal static unsafe class BytePanelProduct
{
    private const int Vector = 64;
    private const int Steps = 8;

    // Two sums for each activation row in the upper half of the registers, what is loaded in the lower.
    private static readonly AssemblerRegisterZMM[] Low = [zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23];
    private static readonly AssemblerRegisterZMM[] High = [zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31];
    private static readonly AssemblerRegisterZMM[] Broadcasts = [zmm2, zmm3, zmm4, zmm5];

    /// <summary>
    /// void (byte* panel, byte* tile, long blocks, float* sums, byte* next), as <see cref="Quant.IPanel"/> describes them.
    /// </summary>
    /// <param name="rows">Activation rows of the tile, at most eight.</param>
    /// <param name="lines">Cache lines of <c>next</c> that are fetched with each block, spread over its products; 0 leaves the argument
    /// unread.</param>
    public static delegate* unmanaged<byte*, byte*, long, float*, byte*, void> Emit(int rows, int lines) =>
        (delegate* unmanaged<byte*, byte*, long, float*, byte*, void>)Emitter.Emit(c => Write(c, rows, lines));

    private static void Write(Assembler c, int rows, int lines)
    {
        var (panel, tile, blocks, sums, next) = (rdi, rsi, rdx, rcx, r8);
        var (to, end) = (r9, r10);
        int scales = Steps * rows * 4;
        int offsets = scales + rows * sizeof(float);
        int set = rows * 2 * Vector;
        var (low, high) = (zmm0, zmm1);
        int fetched = 0;

        c.mov(to, sums);
        c.lea(end, sums + Quant.BlockSums.Count * set);
        var block = c.CreateLabel();
        c.Label(ref block);
        for (int t = 0; t < rows; t++)
        {
            c.vpbroadcastd(Low[t], __dword_ptr[tile + offsets + 4 * t]);
            c.vmovdqa64(High[t], Low[t]);
        }
        for (int step = 0; step < Steps; step++)
        {
            int quads = BytePanel.ScaleBytes + step * 2 * Vector;
            c.vmovdqa64(low, __zmmword_ptr[panel + quads]);
            c.vmovdqa64(high, __zmmword_ptr[panel + quads + Vector]);
            for (int t = 0; t < rows; t++)
            {
                var four = Broadcasts[t % Broadcasts.Length];
                c.vpbroadcastd(four, __dword_ptr[tile + (step * rows + t) * 4]);
                c.vpdpbusd(Low[t], low, four);
                c.vpdpbusd(High[t], high, four);
                if (fetched < lines * (step * rows + t + 1) / (Steps * rows))
                    c.prefetcht1(__byte_ptr[next + Vector * fetched++]);
            }
        }
        c.vmovaps(low, __zmmword_ptr[panel]);
        c.vmovaps(high, __zmmword_ptr[panel + Vector]);
        for (int t = 0; t < rows; t++)
        {
            Accumulate(c, Low[t], low, Broadcasts[0], __dword_bcst[tile + scales + 4 * t], __zmmword_ptr[to + 2 * t * Vector]);
            Accumulate(c, High[t], high, Broadcasts[1], __dword_bcst[tile + scales + 4 * t], __zmmword_ptr[to + (2 * t + 1) * Vector]);
        }
        c.add(panel, BytePanel.BlockBytes);
        c.add(tile, offsets + rows * sizeof(int));
        c.add(next, lines * Vector);
        c.add(to, set);
        c.cmp(to, end);
        c.cmove(to, sums); // block b goes to sum b mod 8
        c.dec(blocks);
        c.jnz(block);
        c.vzeroupper();
        c.ret();
    }

    /// <summary>
    /// sum += dot · (weight's scale · activation's scale): the one rounding that <see cref="Quant.BlockSums"/> prescribes.
    /// </summary>
    private static void Accumulate(
        Assembler c, AssemblerRegisterZMM dot, AssemblerRegisterZMM scale, AssemblerRegisterZMM product, AssemblerMemoryOperand activationScale, AssemblerMemoryOperand sum)
    {
        c.vcvtdq2ps(dot, dot);
        c.vmulps(product, scale, activationScale);
        c.vfmadd213ps(dot, product, sum);
        c.vmovaps(sum, dot);
    }
}
