namespace Sluice.Cpu.Packed;

/// <summary>A format of blocks of 32 elements with one scale, as <see cref="PackedBlocks{F}"/> needs to know it.</summary>
internal interface IPackedBlocks
{
    static abstract PackedLayout Layout { get; }

    /// <summary>Whether a stored byte is two quants, of elements 16 apart.</summary>
    static abstract bool Nibbles { get; }

    /// <summary>The unsigned quant that stands for zero.</summary>
    static abstract int Zero { get; }
}
