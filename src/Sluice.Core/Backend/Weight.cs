namespace Sluice.Core.Backend;

/// <summary>
/// A handle to a weight matrix as its backend keeps it, <see cref="Rows"/> outputs x <see cref="Cols"/> inputs. It may borrow the mapped
/// file (row-major, never expanded) or hold a repacked copy; the caller cannot tell.
/// </summary>
public abstract class Weight(DType type, int rows, int cols) : IDisposable
{
    public DType Type { get; } = type;

    public int Rows { get; } = rows;

    public int Cols { get; } = cols;

    public abstract void Dispose();
}
