namespace Sluice.Cpu.Quant;

/// <summary>How a tile holds 32 consecutive activations of a row: in steps, each of which a kernel broadcasts and multiplies by.</summary>
internal unsafe interface ITileEncoding
{
    /// <summary>Bytes of one row's step; a step of all rows of the tile lies together.</summary>
    static abstract int StepBytes { get; }

    /// <summary>Steps of a block.</summary>
    static abstract int Steps { get; }

    /// <summary>Whether the steps of a block of one row, lying together, are its values as they come.</summary>
    static abstract bool InOrder { get; }

    /// <summary>The zero point of the weights: this times the sum of a block's activations comes off the dot.</summary>
    static abstract int ZeroPoint { get; }

    /// <summary>Writes the activations of a block, steps <paramref name="stride"/> bytes apart.</summary>
    static abstract void Write(sbyte* values, byte* target, int stride);
}
