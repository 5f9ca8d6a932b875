namespace Sluice.Cpu.Quant;

/// <summary>Where the activations of a block lie in a <see cref="QuantizedRow"/>.</summary>
internal unsafe interface IRowEncoding
{
    /// <summary>Puts the 32 activations of block <paramref name="block"/> in their places in the row's values.</summary>
    static abstract void Place(sbyte* values, sbyte* row, int block);
}
