namespace Sluice.Cpu.Linear;

/// <summary>The activations of a product: <see cref="Rows"/> rows of <see cref="Cols"/> floats, and beside them what an <see cref="InputForm"/> made of them.</summary>
internal unsafe struct Operand
{
    public float* X;

    /// <summary>Distance of rows, in floats.</summary>
    public long Stride;

    public int Rows;

    public int Cols;

    /// <summary>The prepared form; null where the kernel reads <see cref="X"/> itself.</summary>
    public byte* Prepared;

    public readonly float* Row(int row) => X + row * Stride;
}
