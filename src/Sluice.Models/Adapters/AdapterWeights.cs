using Sluice.Core.Memory;
using Sluice.Core.Quant;
using Sluice.Models.Files;

namespace Sluice.Models.Adapters;

/// <summary>
/// An adapter's matrices in memory, as one model wants them: in its order of rows, and with ranks filled up with zeros to whole vector
/// registers. Made by <see cref="AdapterTable.Read"/>.
/// </summary>
public sealed class AdapterWeights : IDisposable
{
    /// <summary>Floats of the widest vector register: a product with fewer columns would be computed one by one.</summary>
    private const int WholeRank = 16;

    private readonly List<(int Site, OwnedMatrix Down, OwnedMatrix Up, float Scale)> _matrices = [];

    internal AdapterWeights()
    {
    }

    internal IReadOnlyList<(int Site, OwnedMatrix Down, OwnedMatrix Up, float Scale)> Matrices => _matrices;

    public void Dispose()
    {
        foreach (var (_, down, up, _) in _matrices)
        {
            down.Dispose();
            up.Dispose();
        }
        _matrices.Clear();
    }

    /// <summary>Bytes that a pair of tensors takes here.</summary>
    internal static long BytesOf(TensorInfo down, TensorInfo up) => down.Bytes + BlockFormats.Of(up.Type).BytesFor(WidthOf(up)) * up.Rows;

    /// <param name="sourceRow">Which of the stored rows of <paramref name="up"/> is a row's.</param>
    internal void Add(int site, TensorView down, TensorInfo upStored, TensorView up, Func<long, long> sourceRow, float scale)
    {
        var ownDown = new OwnedMatrix(down.Type, down.Rows, down.Cols);
        var ownUp = new OwnedMatrix(up.Type, up.Rows, WidthOf(upStored));
        _matrices.Add((site, ownDown, ownUp, scale));
        for (long r = 0; r < down.Rows; r++)
            down.Row(r).CopyTo(ownDown.Row(r));
        for (long r = 0; r < up.Rows; r++)
            up.Row(sourceRow(r)).CopyTo(ownUp.Row(r));
    }

    private static long WidthOf(TensorInfo up) =>
        BlockFormats.Of(up.Type).BlockElements == 1 ? (up.Cols + WholeRank - 1) / WholeRank * WholeRank : up.Cols;
}
