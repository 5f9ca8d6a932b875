using Sluice.Cpu.Quant;

namespace Sluice.Cpu.Emit;

/// <summary>
/// The emitted product of a format's <see cref="SuperPanel"/>. Touch it only where <see cref="Dispatch.KernelVariant.Avx512Vnni"/> is
/// supported.
/// </summary>
internal readonly unsafe struct EmittedSuperPanel<F> : ISuperProduct where F : ISuperPanel
{
    public static int WideTile => 8;

    public static int NarrowTile => 4;

    public static void Multiply(byte* panel, byte* tile, int tileRows, int blocks, float* sums)
    {
        if (tileRows == WideTile)
            Products<F>.Wide(panel, tile, blocks, sums);
        else
            Products<F>.Narrow(panel, tile, blocks, sums);
    }
}

/// <summary>The products of <see cref="EmittedSuperPanel{F}"/>, emitted at first use.</summary>
file static unsafe class Products<F> where F : ISuperPanel
{
    public static readonly delegate* unmanaged<byte*, byte*, long, float*, void> Wide = SuperPanelEmission<F>.Emit(8);

    public static readonly delegate* unmanaged<byte*, byte*, long, float*, void> Narrow = SuperPanelEmission<F>.Emit(4);
}
