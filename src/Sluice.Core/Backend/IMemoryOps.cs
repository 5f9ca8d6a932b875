using Sluice.Core.Memory;

namespace Sluice.Core.Backend;

/// <summary>Where a backend's tensors come from, and the only way numbers cross its border.</summary>
public interface IMemoryOps
{
    /// <summary>Activations of <paramref name="rows"/> x <paramref name="cols"/> F32, leased from the device's budget.</summary>
    Tensor Allocate(int rows, int cols);

    /// <summary>Takes a weight matrix for products. The view's memory must outlive the weight.</summary>
    /// <exception cref="Errors.SluiceException">The backend has no kernel for the type; the message lists those it has.</exception>
    Weight LoadMatrix(TensorView view);

    /// <summary>
    /// Waits until matrices are in the form that is fastest to compute with. Products need not wait for it: they give the same bits before, but take
    /// longer.
    /// </summary>
    void FinishLoading();

    /// <summary>Takes a matrix whose rows are looked up, as it is stored. The view's memory must outlive the weight.</summary>
    /// <exception cref="Errors.SluiceException">As <see cref="LoadMatrix"/>.</exception>
    Weight LoadTable(TensorView view);

    /// <summary>Takes a vector (norm weight, bias) of type F32, F16 or BF16 as F32.</summary>
    Tensor LoadVector(TensorView view);

    /// <summary>Overwrites rows from <paramref name="firstRow"/> on with <paramref name="values"/> (whole rows): embeddings that did not come from the table.</summary>
    void Write(Tensor tensor, int firstRow, ReadOnlySpan<float> values);

    /// <summary>Copies one row out: logits, on request.</summary>
    void Read(Tensor tensor, int row, Span<float> destination);
}
