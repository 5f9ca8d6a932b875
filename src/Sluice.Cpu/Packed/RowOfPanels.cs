using Iced.Intel;
using Sluice.Cpu.Quant;
using static Iced.Intel.AssemblerRegisters;

namespace Sluice.Cpu.Packed;

/// <summary>
/// The frame around a product of one activation row, which goes through panels that follow one another without leaving emitted code and folds the sums of
/// each: what is done between two panels is time in which no weights are asked for. Decoding of Q4_0 spent a twentieth of its products on it.
/// </summary>
internal static class RowOfPanels
{
    /// <summary>
    /// Writes void (byte* panel, byte* tile, long blocks, float* sums, float* y, long panels), the arguments in rdi, rsi, rdx, rcx, r8 and r9: leaves
    /// 32 results a panel in y.
    /// </summary>
    /// <param name="writeMasks">Writes what comes once, before the first panel.</param>
    /// <param name="writePanel">Writes the product with a panel, whose registers are those of <see cref="IPackedFormat.Write"/>; it moves panel and next to the following one.</param>
    public static void Write(Assembler c, Action writeMasks, Action writePanel)
    {
        var (panel, tile, blocks, sums, next) = (rdi, rsi, rdx, rcx, r8);
        var (y, panels, firstTile, allBlocks) = (rbx, r12, r13, r14);
        AssemblerRegister64[] saved = [y, panels, firstTile, allBlocks];
        foreach (var register in saved)
            c.push(register);
        c.mov(y, r8);
        c.mov(panels, r9);
        c.mov(firstTile, tile);
        c.mov(allBlocks, blocks);
        c.lea(next, panel + Fetching.AheadBytes);
        writeMasks();
        var start = c.CreateLabel();
        c.Label(ref start);
        c.mov(tile, firstTile);
        c.mov(blocks, allBlocks);
        writePanel();
        for (int part = 0; part < PackedLayout.Parts; part++)
            Fold(c, sums + part * PackedLayout.ColumnBytes, y + part * PackedLayout.ColumnBytes);
        c.add(y, PackedLayout.Rows * sizeof(float));
        c.dec(panels);
        c.jnz(start);
        foreach (var register in saved.Reverse())
            c.pop(register);
        c.vzeroupper();
        c.ret();
    }

    /// <summary>In the order of <see cref="BlockSums.Fold"/>, a lane per weight row.</summary>
    private static void Fold(Assembler c, AssemblerMemoryOperand sums, AssemblerMemoryOperand y)
    {
        var (even, odd, other) = (zmm0, zmm1, zmm2);
        Add(even, 0);
        Add(odd, 1);
        c.vaddps(even, even, odd);
        c.vmovups(y, even);

        void Add(AssemblerRegisterZMM sum, int first)
        {
            c.vmovaps(sum, At(first));
            c.vaddps(sum, sum, At(first + 4));
            c.vmovaps(other, At(first + 2));
            c.vaddps(other, other, At(first + 6));
            c.vaddps(sum, sum, other);
        }

        AssemblerMemoryOperand At(int sum) => sums + sum * PackedLayout.Rows * sizeof(float);
    }
}
