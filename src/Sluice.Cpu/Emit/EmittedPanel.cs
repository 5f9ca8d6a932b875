using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Quant;

namespace Sluice.Cpu.Emit;

/// <summary>A format's <see cref="BytePanel"/> and its emitted product. Touch it only where <see cref="Dispatch.KernelVariant.Avx512Vnni"/> is supported.</summary>
internal readonly unsafe struct EmittedPanel<F> : IPanel where F : IBytePacking
{
    public static int WideTile => 8;

    public static int NarrowTile => 4;

    public static int BlockBytes => BytePanel.BlockBytes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(byte** rows, byte* next, int blocks, byte* panel)
    {
        nint at = 0;
        byte* packed = panel;
        for (int b = 0; b < blocks; b++, at += F.BlockBytes, packed += BytePanel.BlockBytes)
        {
            for (byte* stop = next + Panel.Rows * F.BlockBytes; next < stop; next += 64)
                Sse.Prefetch1(next);
            F.Pack(rows, at, packed);
        }
        BytePanel.WidenScales(panel, blocks);
    }

    public static void MultiplyWide(byte* panel, byte* tile, int blocks, float* sums) => Products.Wide(panel, tile, blocks, sums);

    public static void MultiplyNarrow(byte* panel, byte* tile, int blocks, float* sums) => Products.Narrow(panel, tile, blocks, sums);
}

/// <summary>The products of <see cref="EmittedPanel{F}"/>s, emitted at first use.</summary>
file static unsafe class Products
{
    public static readonly delegate* unmanaged<byte*, byte*, long, float*, void> Wide = BytePanelProduct.Emit(8);

    public static readonly delegate* unmanaged<byte*, byte*, long, float*, void> Narrow = BytePanelProduct.Emit(4);
}
