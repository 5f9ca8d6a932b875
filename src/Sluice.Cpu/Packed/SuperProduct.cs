using Iced.Intel;
using Sluice.Cpu.Quant;
using static Iced.Intel.AssemblerRegisters;

namespace Sluice.Cpu.Packed;

/// <summary>
/// The product of packed super-blocks with 512-bit VNNI. Lanes are weight rows, one register of them at a time; each activation row has the
/// dot of the sub-block it is at, and its sum over the super-block.
/// </summary>
/// <typeparam name="F">The format.</typeparam>
internal static partial class SuperProduct<F> where F : IPackedSuper
{
    private const int Vector = 64;
    private const int Step = SuperTiles.StepBytes;
    private const int QuadElements = 4;
    private const int SixBitsColumn = 1;

    private static readonly AssemblerRegister64 Panel = rdi, Tile = rsi, Blocks = rdx, AllSums = rcx, Next = r8, To = r9, SumsEnd = r10;
    private static readonly AssemblerRegister64 Columns = rax, At = r11;
    private static readonly AssemblerRegisterZMM[] Dots = [zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23];
    private static readonly AssemblerRegisterZMM[] Sums = [zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31];
    private static readonly AssemblerRegisterZMM[] Quads = [zmm0, zmm1];
    private static readonly AssemblerRegisterZMM[] Free = [zmm2, zmm3, zmm4, zmm5];
    private static readonly AssemblerRegisterZMM[] SubScales = [zmm6, zmm7];
    private static readonly AssemblerRegisterZMM[] Minima = [zmm8, zmm9];
    private static readonly AssemblerRegisterZMM NibbleMask = zmm10, UpperTwo = zmm11, Six = zmm12, Fifth = zmm13, Scales = zmm14, MinScales = zmm15;

    /// <inheritdoc cref="IPackedFormat.Write"/>
    public static void Write(Assembler c, int tileRows, Fetch fetch)
    {
        WriteMasks(c);
        WritePanel(c, tileRows, fetch);
        c.vzeroupper();
        c.ret();
    }

    /// <inheritdoc cref="IPackedFormat.WriteRow"/>
    public static void WriteRow(Assembler c, Fetch fetch) => RowOfPanels.Write(c, () => WriteMasks(c), () => WritePanel(c, 1, fetch));

    private static void WritePanel(Assembler c, int tileRows, Fetch fetch)
    {
        int set = tileRows * PackedLayout.Rows * sizeof(float);
        var fetching = new Fetching(c, fetch, Next, F.Layout.PackedBytes);
        SumsStart.Write(c, AllSums, To, SumsEnd, set);
        var block = c.CreateLabel();
        c.Label(ref block);
        for (int part = 0; part < PackedLayout.Parts; part++)
        {
            c.lea(Columns, Panel + F.Layout.ColumnsOffset(part));
            c.mov(At, Tile);
            ReadHeader(c, part);
            if (tileRows == 1 && InPairs)
                AddPairs(c, part, ref fetching);
            else
                AddSubBlocks(c, tileRows, part, ref fetching);
            Accumulate(c, tileRows, part * Vector);
        }
        c.add(Panel, F.Layout.PackedBytes);
        c.mov(Tile, At);
        fetching.Advance();
        c.add(To, set);
        c.cmp(To, SumsEnd);
        c.cmove(To, AllSums); // super-block b goes to sum b mod 8
        c.dec(Blocks);
        c.jnz(block);
    }

    private static void WriteMasks(Assembler c)
    {
        foreach (var (register, value) in ((AssemblerRegisterZMM, int)[])[(NibbleMask, 0x0F0F0F0F), (UpperTwo, 0x30303030), (Six, 0x3F3F3F3F), (Fifth, 0x10101010)])
        {
            c.mov(eax, value);
            c.vpbroadcastd(register, eax);
        }
    }

    private static AssemblerMemoryOperand Column(int column) => __zmmword_ptr[Columns + F.Layout.PlaceOf(column) * PackedLayout.ColumnBytes];

    /// <summary>Scales as singles; scales and minima of sub-blocks, where they are in six bits, as bytes.</summary>
    private static void ReadHeader(Assembler c, int part)
    {
        if (!F.HasMinima)
        {
            c.vcvtph2ps(Scales, __ymmword_ptr[Panel + part * Vector / 2]);
            return;
        }
        var (halves, tail) = (Free[0], Free[1]);
        c.vmovdqa64(halves, Column(0));
        c.vpmovdw(Lower(Scales), halves);
        c.vcvtph2ps(Scales, Lower(Scales));
        c.vpsrld(halves, halves, 16);
        c.vpmovdw(Lower(MinScales), halves);
        c.vcvtph2ps(MinScales, Lower(MinScales));
        c.vmovdqa64(tail, Column(SixBitsColumn + 2));
        ReadSixBits(c, SubScales, SixBitsColumn, tail);
        c.vpsrld(tail, tail, 4);
        ReadSixBits(c, Minima, SixBitsColumn + 1, tail);
    }

    /// <summary>See <see cref="Core.Quant.SixBitScales"/>.</summary>
    private static void ReadSixBits(Assembler c, AssemblerRegisterZMM[] bytes, int headColumn, AssemblerRegisterZMM tail)
    {
        var upper = Free[2];
        c.vmovdqa64(upper, Column(headColumn));
        c.vpandd(bytes[0], upper, Six);
        c.vpsrld(upper, upper, 2);
        c.vpandd(upper, upper, UpperTwo);
        c.vpandd(bytes[1], tail, NibbleMask);
        c.vpord(bytes[1], bytes[1], upper);
    }

    /// <summary>The exact products of a super-block, in <see cref="Sums"/>. Leaves <see cref="At"/> behind the tile's values.</summary>
    private static void AddSubBlocks(Assembler c, int tileRows, int part, ref Fetching fetching)
    {
        int quads = F.SubBlock / QuadElements;
        int subs = SuperBlock.Elements / F.SubBlock;
        for (int t = 0; t < tileRows; t++)
            c.vpxord(Sums[t], Sums[t], Sums[t]);
        for (int sub = 0; sub < subs; sub++)
        {
            for (int t = 0; t < tileRows; t++)
                c.vpxord(Dots[t], Dots[t], Dots[t]);
            for (int quad = 0; quad < quads; quad++)
            {
                var weights = Quads[quad % Quads.Length];
                ReadQuad(c, weights, sub, quad);
                for (int t = 0; t < tileRows; t++)
                    c.vpdpbusd(Dots[t], weights, __dword_bcst[At + (quad * tileRows + t) * Step]);
                fetching.Write((part * subs + sub) * quads + quad + 1, PackedLayout.Parts * subs * quads);
            }
            var scale = Free[0];
            ReadSubScale(c, scale, sub);
            for (int t = 0; t < tileRows; t++)
            {
                c.vpmulld(Dots[t], Dots[t], scale);
                c.vpaddd(Sums[t], Sums[t], Dots[t]);
            }
            c.add(At, quads * tileRows * Step);
        }
    }

    private static void ReadQuad(Assembler c, AssemblerRegisterZMM quad, int sub, int index)
    {
        var (column, high) = F.Nibbles(sub, index);
        if (high)
        {
            c.vpsrlw(quad, Column(column), 4);
            c.vpandd(quad, quad, NibbleMask);
        }
        else
            c.vpandd(quad, NibbleMask, Column(column));
        if (F.HighBits == 0)
            return;
        const byte OrBoth = 0b1111_1000; // a | (b & c)
        const int Place = 4;
        var above = Free[1 + index % 2];
        (column, int bit) = F.Above(sub, index);
        if (bit < Place)
            c.vpsllw(above, Column(column), (byte)(Place - bit));
        else if (bit > Place)
            c.vpsrlw(above, Column(column), (byte)(bit - Place));
        else
            c.vmovdqa64(above, Column(column));
        c.vpternlogd(quad, above, F.HighBits == 1 ? Fifth : UpperTwo, OrBoth);
    }

    private static void ReadSubScale(Assembler c, AssemblerRegisterZMM scale, int sub)
    {
        byte left = (byte)(24 - sub % 4 * 8);
        if (F.HasMinima)
            c.vpslld(scale, SubScales[sub / 4], left);
        else
            c.vpslld(scale, Column(F.ScalesColumn + sub / 4), left);
        c.vpsrad(scale, scale, 24);
    }

    /// <summary>From the exact products to the running sums, as <see cref="SuperBlock"/> prescribes.</summary>
    private static void Accumulate(Assembler c, int tileRows, int part)
    {
        int pairs = ReadPairs(c);
        int firstPair = (F.SubBlock == 16 ? 1 + SuperTiles.Pairs32 : 1) * tileRows * Step;
        var product = Quads[0];
        for (int t = 0; t < tileRows; t++)
        {
            var (sum, offset) = (Sums[t], Free[t % Free.Length]);
            var factor = __dword_bcst[At + t * Step];
            var running = __zmmword_ptr[To + t * PackedLayout.Rows * sizeof(float) + part];
            c.vpxord(offset, offset, offset);
            for (int i = 0; i < pairs; i++)
                c.vpdpwssd(offset, Dots[i], __dword_bcst[At + firstPair + (i * tileRows + t) * Step]);
            if (!F.HasMinima)
            {
                c.vpslld(offset, offset, SuperPanel.ZeroBits);
                c.vpsubd(sum, sum, offset);
            }
            c.vcvtdq2ps(sum, sum);
            c.vmulps(product, Scales, factor);
            c.vfmadd213ps(sum, product, running);
            if (F.HasMinima)
            {
                c.vcvtdq2ps(offset, offset);
                c.vmulps(product, MinScales, factor);
                c.vfnmadd231ps(sum, offset, product);
            }
            c.vmovaps(running, sum);
        }
        c.add(At, tileRows * Step * (1 + SuperTiles.Pairs32 + SuperTiles.Pairs16));
    }

    /// <summary>
    /// What the sums of activations are multiplied by, in words: of each four bytes the even ones, then the odd ones, as
    /// <see cref="SuperTiles"/> pairs the sums. Left in <see cref="Dots"/>.
    /// </summary>
    private static int ReadPairs(Assembler c)
    {
        int pairs = F.SubBlock == 16 ? SuperTiles.Pairs16 : SuperTiles.Pairs32;
        for (int i = 0; i < pairs; i += 2)
        {
            var (even, odd) = (Dots[i], Dots[i + 1]);
            if (F.HasMinima)
                c.vmovdqa64(odd, Minima[i / 2]);
            else
                c.vmovdqa64(odd, Column(F.ScalesColumn + i / 2));
            c.vpsllw(even, odd, 8);
            c.vpsraw(even, even, 8);
            c.vpsraw(odd, odd, 8);
        }
        return pairs;
    }

    private static AssemblerRegisterYMM Lower(AssemblerRegisterZMM register) => new(Register.YMM0 + (register.Value - Register.ZMM0));
}
