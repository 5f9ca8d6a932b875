using Iced.Intel;
using Sluice.Cpu.Quant;
using static Iced.Intel.AssemblerRegisters;

namespace Sluice.Cpu.Emit;

/// <summary>
/// A <see cref="SuperPanel"/> times a tile of activations with 512-bit VNNI. Lanes are weight rows, one register of them at a time; each
/// activation row has the dot of the sub-block it is at, and its sum over the super-block.
/// </summary>
internal static unsafe class SuperPanelEmission<F> where F : ISuperPanel
{
    private const int Vector = 64;
    private const int Step = SuperTiles.StepBytes;

    private static readonly AssemblerRegisterZMM[] Dots = [zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23];
    private static readonly AssemblerRegisterZMM[] Sums = [zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31];
    private static readonly AssemblerRegisterZMM[] Quads = [zmm0, zmm1];
    private static readonly AssemblerRegisterZMM[] Offsets = [zmm2, zmm3, zmm4, zmm5];

    /// <summary>void (byte* panel, byte* tile, long blocks, float* sums), as <see cref="ISuperProduct"/> describes them.</summary>
    /// <param name="rows">Activation rows of the tile, at most eight.</param>
    public static delegate* unmanaged<byte*, byte*, long, float*, void> Emit(int rows) =>
        (delegate* unmanaged<byte*, byte*, long, float*, void>)Emitter.Emit(c => Write(c, rows));

    private static void Write(Assembler c, int rows)
    {
        var (panel, tile, blocks, sums) = (rdi, rsi, rdx, rcx);
        var (to, end) = (r8, r9);
        int set = rows * Panel.Rows * sizeof(float);
        c.mov(to, sums);
        c.lea(end, sums + BlockSums.Count * set);
        var block = c.CreateLabel();
        c.Label(ref block);
        for (int part = 0; part < Panel.QuadBytes; part += Vector)
        {
            AddSubBlocks(c, rows, part);
            Accumulate(c, rows, part);
        }
        c.add(panel, SuperPanel.BlockBytes<F>());
        c.add(tile, SuperTiles.BlockBytes(rows));
        c.add(to, set);
        c.cmp(to, end);
        c.cmove(to, sums); // super-block b goes to sum b mod 8
        c.dec(blocks);
        c.jnz(block);
        c.vzeroupper();
        c.ret();
    }

    /// <summary>The exact products of a super-block. Leaves the step behind its values in r10.</summary>
    private static void AddSubBlocks(Assembler c, int rows, int part)
    {
        var (panel, tile, quads, step, left) = (rdi, rsi, rax, r10, r11);
        var scale = Offsets[0];
        const int QuadsOfSubBlock = 4;
        int count = F.SubBlock / QuadsOfSubBlock;
        c.lea(quads, panel + SuperPanel.SubBlocksOffset<F>() + part);
        c.mov(step, tile);
        c.mov(left, SuperBlock.Elements / F.SubBlock);
        for (int t = 0; t < rows; t++)
            c.vpxord(Sums[t], Sums[t], Sums[t]);
        var subBlock = c.CreateLabel();
        c.Label(ref subBlock);
        for (int t = 0; t < rows; t++)
            c.vpxord(Dots[t], Dots[t], Dots[t]);
        for (int quad = 0; quad < count; quad++)
        {
            var weights = Quads[quad % Quads.Length];
            c.vmovdqa64(weights, __zmmword_ptr[quads + (1 + quad) * Panel.QuadBytes]);
            for (int t = 0; t < rows; t++)
                c.vpdpbusd(Dots[t], weights, __dword_bcst[step + (quad * rows + t) * Step]);
        }
        c.vmovdqa64(scale, __zmmword_ptr[quads]);
        for (int t = 0; t < rows; t++)
        {
            c.vpmulld(Dots[t], Dots[t], scale);
            c.vpaddd(Sums[t], Sums[t], Dots[t]);
        }
        c.add(quads, SuperPanel.SubBlockBytes<F>());
        c.add(step, count * rows * Step);
        c.dec(left);
        c.jnz(subBlock);
    }

    /// <summary>From the exact products to the running sums, as <see cref="SuperBlock"/> prescribes.</summary>
    private static void Accumulate(Assembler c, int rows, int part)
    {
        var (panel, step, to) = (rdi, r10, r8);
        var (scales, minScales, product) = (zmm6, zmm7, zmm8);
        int firstPair = (F.SubBlock == 16 ? 1 + SuperTiles.Pairs32 : 1) * rows * Step;
        int pairs = SuperPanel.PairCount<F>();
        for (int i = 0; i < pairs; i++)
            c.vmovdqa64(Dots[i], __zmmword_ptr[panel + SuperPanel.PairOffset(i) + part]);
        c.vmovaps(scales, __zmmword_ptr[panel + SuperPanel.ScalesOffset + part]);
        c.vmovaps(minScales, __zmmword_ptr[panel + SuperPanel.MinScalesOffset + part]);
        for (int t = 0; t < rows; t++)
        {
            var (sum, offset) = (Sums[t], Offsets[t % Offsets.Length]);
            var factor = __dword_bcst[step + t * Step];
            c.vpxord(offset, offset, offset);
            for (int i = 0; i < pairs; i++)
                c.vpdpwssd(offset, Dots[i], __dword_bcst[step + firstPair + (i * rows + t) * Step]);
            if (!F.HasMinima)
            {
                c.vpslld(offset, offset, SuperPanel.ZeroBits);
                c.vpsubd(sum, sum, offset);
            }
            c.vcvtdq2ps(sum, sum);
            c.vmulps(product, scales, factor);
            c.vfmadd213ps(sum, product, __zmmword_ptr[to + t * Panel.Rows * sizeof(float) + part]);
            if (F.HasMinima)
            {
                c.vcvtdq2ps(offset, offset);
                c.vmulps(product, minScales, factor);
                c.vfnmadd231ps(sum, offset, product);
            }
            c.vmovaps(__zmmword_ptr[to + t * Panel.Rows * sizeof(float) + part], sum);
        }
    }
}
