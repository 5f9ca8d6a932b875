namespace Sluice.Cpu.Linear;

/// <summary>How a family of kernels wants its activations laid out. Made once per input and shared by all products that read it.</summary>
internal abstract unsafe class InputForm
{
    /// <summary>Bytes of the prepared form.</summary>
    public abstract long BytesFor(int rows, int cols);

    /// <summary>Independent pieces that preparing falls into.</summary>
    public abstract int UnitsFor(int rows);

    /// <summary>Prepares pieces [start, end) into the operand's <see cref="Operand.Prepared"/>.</summary>
    public abstract void Prepare(in Operand operand, int start, int end);
}
