using Sluice.Cpu.Packed;

namespace Sluice.Cpu.Linear;

/// <summary>The product of one weight format on one instruction set.</summary>
/// <remarks>
/// The numerics contract rests here: an output's order of summation depends on the format and the variant only, so it comes out bit for bit the
/// same whatever the other rows, the range asked for and the number of threads.
/// </remarks>
internal abstract unsafe class MatrixKernel
{
    /// <summary>How the weight must be packed first; null where its rows are read as they are stored.</summary>
    public virtual PackedLayout? Layout => null;

    /// <summary>What the activations must be turned into first; null where they are read as they are.</summary>
    public virtual InputForm? Input => null;

    /// <summary>Weight rows the kernel works on at once; ranges begin at multiples of it.</summary>
    public abstract int RowGroup { get; }

    /// <summary>Scratch memory that one thread needs, for a product of <paramref name="rows"/> activation rows.</summary>
    public virtual long ScratchBytes(int rows, int cols) => 0;

    /// <summary>y[r, n] = weight row n · activation row r, for n in [start, end) and every activation row.</summary>
    /// <param name="y">Output of weight row 0 and activation row 0.</param>
    /// <param name="yStride">Distance of output rows, in floats.</param>
    public abstract void Multiply(in StoredMatrix weight, in Operand operand, int start, int end, float* y, long yStride, byte* scratch);
}
