using System.Numerics;

namespace Sluice.Cpu.Quant;

/// <summary>Activation rows in tiles of a width, the last one of as few rows as a power of two allows.</summary>
internal static class TileRows
{
    public static int Count(int rows, int wide) => (rows + wide - 1) / wide;

    /// <summary>Rows that tile <paramref name="tile"/> has room for, <paramref name="narrowest"/> at least.</summary>
    public static int Of(int tile, int rows, int wide, int narrowest)
    {
        int rest = (int)BitOperations.RoundUpToPowerOf2((uint)(rows - tile * wide));
        return Math.Clamp(rest, narrowest, wide);
    }
}
