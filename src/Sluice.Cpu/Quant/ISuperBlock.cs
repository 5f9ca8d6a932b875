namespace Sluice.Cpu.Quant;

/// <summary>What all kernels need to know of a format of <see cref="SuperBlock"/>s.</summary>
internal unsafe interface ISuperBlock
{
    /// <summary>Bytes of a stored super-block.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>Elements that share a scale: 16 or 32.</summary>
    static abstract int SubBlock { get; }

    /// <summary>Whether sub-blocks of 32 have a minimum that comes off each element. Without minima the <see cref="Zero"/> does.</summary>
    static abstract bool HasMinima { get; }

    /// <summary>The quant that stands for zero.</summary>
    static abstract int Zero { get; }

    /// <summary>The block's scale as a half; above it, where there are minima, their scale.</summary>
    static abstract int ScalePair(byte* block);

    /// <summary>The minima of the eight sub-blocks, a byte each.</summary>
    static abstract ulong Minima(byte* block);

    /// <summary>Writes the 256 unsigned quants in order, and the scale of each sub-block.</summary>
    static abstract void Decode(byte* block, byte* quants, int* scales);
}
