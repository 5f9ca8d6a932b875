using Iced.Intel;
using Sluice.Cpu.Quant;
using static Iced.Intel.AssemblerRegisters;

namespace Sluice.Cpu.Packed;

/// <summary>
/// The product of packed blocks of 32 elements with 512-bit VNNI: one instruction for 64 products. Lanes are weight rows, one register of
/// them at a time, so that a panel is read in sequence. What is stored in nibbles is parted on the way, which the products hide.
/// </summary>
internal static class BlockProduct
{
    private const int Step = 4;
    private const int Steps = QuantizedBlock.Elements / Step;

    private static readonly AssemblerRegisterZMM[] Dots = [zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23];
    private static readonly AssemblerRegisterZMM[] Quads = [zmm0, zmm1];
    private static readonly AssemblerRegisterZMM[] Free = [zmm2, zmm3, zmm4, zmm5];

    private static readonly AssemblerRegisterZMM NibbleMask = zmm7;

    /// <param name="nibbles">Whether a column has the quants of two steps: in its low nibbles, and in the high ones those 16 further on.</param>
    /// <inheritdoc cref="IPackedFormat.Write"/>
    public static void Write(Assembler c, PackedLayout layout, bool nibbles, int tileRows, Fetch fetch)
    {
        WriteMasks(c, nibbles);
        WritePanel(c, layout, nibbles, tileRows, fetch);
        c.vzeroupper();
        c.ret();
    }

    /// <inheritdoc cref="Write"/>
    public static void WriteRow(Assembler c, PackedLayout layout, bool nibbles, Fetch fetch) =>
        RowOfPanels.Write(c, () => WriteMasks(c, nibbles), () => WritePanel(c, layout, nibbles, 1, fetch));

    private static void WriteMasks(Assembler c, bool nibbles)
    {
        if (!nibbles)
            return;
        c.mov(eax, 0x0F0F0F0F);
        c.vpbroadcastd(NibbleMask, eax);
    }

    private static void WritePanel(Assembler c, PackedLayout layout, bool nibbles, int tileRows, Fetch fetch)
    {
        var (panel, tile, blocks, sums, next) = (rdi, rsi, rdx, rcx, r8);
        var (to, end) = (r9, r10);
        var scales = zmm6;
        int scalesOffset = Steps * tileRows * Step;
        int offsetsOffset = scalesOffset + tileRows * sizeof(float);
        int set = tileRows * PackedLayout.Rows * sizeof(float);
        var fetching = new Fetching(c, fetch, next, layout.PackedBytes);

        SumsStart.Write(c, sums, to, end, set);
        var block = c.CreateLabel();
        c.Label(ref block);
        for (int part = 0; part < PackedLayout.Parts; part++)
        {
            c.vcvtph2ps(scales, __ymmword_ptr[panel + part * PackedLayout.ColumnRows * sizeof(ushort)]);
            for (int t = 0; t < tileRows; t++)
                c.vpbroadcastd(Dots[t], __dword_ptr[tile + offsetsOffset + t * sizeof(int)]);
            for (int step = 0; step < Steps; step++)
            {
                var quad = Quads[step % Quads.Length];
                ReadQuad(quad, layout.ColumnsOffset(part), step);
                for (int t = 0; t < tileRows; t++)
                    c.vpdpbusd(Dots[t], quad, __dword_bcst[tile + (step * tileRows + t) * Step]);
                fetching.Write(part * Steps + step + 1, PackedLayout.Parts * Steps);
            }
            for (int t = 0; t < tileRows; t++)
            {
                // sum += dot · (weight's scale · activation's scale): the one rounding that BlockSums prescribes.
                var (product, running) = (Free[t % Free.Length], __zmmword_ptr[to + (t * PackedLayout.Parts + part) * PackedLayout.ColumnBytes]);
                c.vcvtdq2ps(Dots[t], Dots[t]);
                c.vmulps(product, scales, __dword_bcst[tile + scalesOffset + t * sizeof(float)]);
                c.vfmadd213ps(Dots[t], product, running);
                c.vmovaps(running, Dots[t]);
            }
        }
        c.add(panel, layout.PackedBytes);
        c.add(tile, offsetsOffset + tileRows * sizeof(int));
        fetching.Advance();
        c.add(to, set);
        c.cmp(to, end);
        c.cmove(to, sums); // block b goes to sum b mod 8
        c.dec(blocks);
        c.jnz(block);

        void ReadQuad(AssemblerRegisterZMM quad, int columns, int step)
        {
            int column = columns + step % layout.Columns * PackedLayout.ColumnBytes;
            if (!nibbles)
                c.vmovdqa64(quad, __zmmword_ptr[panel + column]);
            else if (step < layout.Columns)
                c.vpandd(quad, NibbleMask, __zmmword_ptr[panel + column]);
            else
            {
                c.vpsrlw(quad, __zmmword_ptr[panel + column], 4);
                c.vpandd(quad, quad, NibbleMask);
            }
        }
    }
}
