namespace Sluice.Core.Backend;

/// <summary>
/// A handle to F32 activations in a backend's memory, <see cref="Rows"/> x <see cref="Cols"/>. Opaque: only the backend that made it can
/// look inside. Whoever allocated it disposes it.
/// </summary>
public abstract class Tensor(int rows, int cols) : IDisposable
{
    /// <summary>Capacity in rows; operations say how many of them are in use.</summary>
    public int Rows { get; } = rows;

    public int Cols { get; } = cols;

    public abstract void Dispose();
}
