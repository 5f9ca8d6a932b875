using Sluice.Cpu.Quant;

namespace Sluice.Cpu.Packed;

/// <summary>
/// Where <see cref="SuperProduct{F}"/> finds the quants of a format of super-blocks. Their scales it finds by itself: with minima, the first
/// columns are both scales in halves and then <see cref="Core.Quant.SixBitScales"/>; without, the scale is the half that stands alone and
/// the sub-blocks' scales are signed bytes.
/// </summary>
internal interface IPackedSuper : ISuperBlock
{
    static abstract PackedLayout Layout { get; }

    /// <summary>How many bits a quant has above its nibble.</summary>
    static abstract int HighBits { get; }

    /// <summary>The column whose low or high nibbles belong to four quants.</summary>
    static abstract (int Column, bool High) Nibbles(int sub, int quad);

    /// <summary>The column that has the bits above those nibbles, and the lowest of them.</summary>
    static abstract (int Column, int Bit) Above(int sub, int quad);

    /// <summary>The first column of the sub-blocks' signed scales; unread where there are minima.</summary>
    static abstract int ScalesColumn { get; }
}
