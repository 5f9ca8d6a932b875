using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Quant;

namespace Sluice.Cpu.Emit;

/// <summary>
/// A format's <see cref="BytePanel"/> and its emitted product. Touch it only where <see cref="Dispatch.KernelVariant.Avx512Vnni"/> is
/// supported.
/// </summary>
internal readonly unsafe struct EmittedPanel<F> : IPanel where F : IBytePacking
{
    public static int WideTile => 8;

    public static int NarrowTile => 4;

    public static int BlockBytes => BytePanel.BlockBytes;

    public static bool FetchesAhead => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(byte** rows, byte* next, int blocks, byte* panel)
    {
        nint at = 0;
        byte* packed = panel;
        for (int b = 0; b < blocks; b++, at += F.BlockBytes, packed += BytePanel.BlockBytes)
        {
            for (byte* stop = next + Panel.Rows * F.BlockBytes; next is not null && next < stop; next += 64)
                Sse.Prefetch1(next);
            F.Pack(rows, at, packed);
        }
        BytePanel.WidenScales(panel, blocks);
    }

    public static void MultiplyWide(byte* panel, byte* tile, int blocks, float* sums, byte* next)
    {
        if (next is null)
            Products<F>.Wide(panel, tile, blocks, sums, null);
        else
            Products<F>.WideFetching(panel, tile, blocks, sums, next);
    }

    public static void MultiplyNarrow(byte* panel, byte* tile, int blocks, float* sums) => Products<F>.Narrow(panel, tile, blocks, sums, null);
}

/// <summary>The products of a format's <see cref="EmittedPanel{F}"/>, emitted at first use.</summary>
file static unsafe class Products<F> where F : IBytePacking
{
    public static readonly delegate* unmanaged<byte*, byte*, long, float*, byte*, void> Wide = BytePanelProduct.Emit(8, 0);

    public static readonly delegate* unmanaged<byte*, byte*, long, float*, byte*, void> WideFetching = BytePanelProduct.Emit(8, Panel.Rows * F.BlockBytes / 64);

    public static readonly delegate* unmanaged<byte*, byte*, long, float*, byte*, void> Narrow = BytePanelProduct.Emit(4, 0);
}
