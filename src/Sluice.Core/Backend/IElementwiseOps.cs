namespace Sluice.Core.Backend;

/// <summary>What happens between the products of a layer. Row counts say how many leading rows are in use.</summary>
public interface IElementwiseOps
{
    /// <summary>y = x / sqrt(mean(x²) + epsilon) · weight, row by row. <paramref name="y"/> may be <paramref name="x"/>.</summary>
    void RmsNorm(Tensor x, int rows, Tensor weight, float epsilon, Tensor y);

    /// <summary>residual += delta, then y = RmsNorm(residual): one pass over the rows.</summary>
    void AddRmsNorm(Tensor residual, Tensor delta, int rows, Tensor weight, float epsilon, Tensor y);

    /// <summary>x += delta.</summary>
    void Add(Tensor x, Tensor delta, int rows);

    /// <summary>RMS norm of each head of <paramref name="headDim"/> values, in place (QK norm); <paramref name="weight"/> has headDim values.</summary>
    void HeadRmsNorm(Tensor x, int rows, int headDim, Tensor weight, float epsilon);

    /// <summary>Fills <paramref name="table"/> (rows x rotary dims) with cosines and sines of the step's positions, once for all layers.</summary>
    void PrepareRope(RopeSpec rope, ReadOnlySpan<int> positions, Tensor table);

    /// <summary>Rotates the leading rotary dims of every head of x, in place, by the angles in <paramref name="table"/>.</summary>
    void ApplyRope(RopeSpec rope, Tensor x, int rows, int headDim, Tensor table);

    /// <summary>y = silu(gate) · up. <paramref name="y"/> may be either of them.</summary>
    void SwiGlu(Tensor gate, Tensor up, int rows, Tensor y);
}
