namespace Sluice.Cpu.Quant;

/// <summary>How many activation rows a tile has. A type, so that one kernel source compiles to each width with its own registers.</summary>
internal interface ITileWidth
{
    static abstract int Rows { get; }
}

internal readonly struct TileOf8 : ITileWidth
{
    public static int Rows => 8;
}

internal readonly struct TileOf4 : ITileWidth
{
    public static int Rows => 4;
}

internal readonly struct TileOf2 : ITileWidth
{
    public static int Rows => 2;
}
