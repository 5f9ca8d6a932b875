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

    /// <summary>The number of the task's first item in the job.</summary>
    public int FirstItem;
}
