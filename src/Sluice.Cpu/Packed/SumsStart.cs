using Iced.Intel;
using Sluice.Cpu.Quant;
using static Iced.Intel.AssemblerRegisters;

namespace Sluice.Cpu.Packed;

/// <summary>How an emitted product begins its <see cref="BlockSums"/>.</summary>
internal static class SumsStart
{
    /// <summary>
    /// Sets the sums to zero, in stores as wide as the loads to come, which get their values handed on, and leaves
    /// <paramref name="to"/> at the first sum and <paramref name="end"/> behind the last.
    /// </summary>
    /// <param name="set">Bytes of a sum of all rows.</param>
    public static void Write(Assembler c, AssemblerRegister64 sums, AssemblerRegister64 to, AssemblerRegister64 end, int set)
    {
        c.mov(to, sums);
        c.lea(end, sums + BlockSums.Count * set);
        c.vpxord(zmm0, zmm0, zmm0);
        var sum = c.CreateLabel();
        c.Label(ref sum);
        for (int at = 0; at < set; at += PackedLayout.ColumnBytes)
            c.vmovaps(__zmmword_ptr[to + at], zmm0);
        c.add(to, set);
        c.cmp(to, end);
        c.jne(sum);
        c.mov(to, sums);
    }
}
