using System.Runtime.CompilerServices;

namespace Sluice.Cpu.Quant;

/// <summary>One block after the other.</summary>
internal readonly unsafe struct PlainRow : IRowEncoding
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Place(sbyte* values, sbyte* row, int block) =>
        Unsafe.CopyBlockUnaligned(row + block * QuantizedBlock.Elements, values, QuantizedBlock.Elements);
}
