using Sluice.Core.Backend;

namespace Sluice.Tests.Engine.Toy;

internal sealed class ToyTensor(int rows, int cols) : Tensor(rows, cols)
{
    private readonly float[] _values = new float[rows * cols];

    public Span<float> Row(int row) => _values.AsSpan(row * Cols, Cols);

    public override void Dispose() { }
}
