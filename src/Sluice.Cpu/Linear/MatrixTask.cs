namespace Sluice.Cpu.Linear;

/// <summary>One product of a <see cref="MatrixJob"/>.</summary>
internal unsafe struct MatrixTask
{
    public MatrixKernel Kernel;
    public StoredMatrix Weight;
    public Operand Operand;
    public float* Y;
    public long YStride;

    /// <summary>Added to every row of the result; null adds nothing.</summary>
    public float* Bias;

    /// <summary>Whether the product, times <see cref="Scale"/>, is added to what <see cref="Y"/> holds, instead of replacing it.</summary>
    public bool Adds;

    /// <summary>Counts only where the product is added.</summary>
    public float Scale;

    /// <summary>The number of the task's first item in the job.</summary>
    public int FirstItem;
}
