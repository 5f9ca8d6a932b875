namespace Sluice.Cpu.Emit;

/// <summary>How the blocks of a format become those of a <see cref="BytePanel"/>.</summary>
internal unsafe interface IBytePacking
{
    /// <summary>The unsigned byte that stands for zero.</summary>
    static abstract int ZeroPoint { get; }

    /// <summary>Bytes of a stored block of 32 elements.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>Packs one block of 32 rows.</summary>
    /// <param name="at">Where the block begins in each row.</param>
    static abstract void Pack(byte** rows, nint at, byte* panel);
}
