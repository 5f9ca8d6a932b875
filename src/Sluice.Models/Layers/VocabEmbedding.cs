using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Core.Steps;

namespace Sluice.Models.Layers;

/// <summary>Token ids to vectors. Every rank holds the whole table: it is read by row, and borrowed from the mapped file.</summary>
internal sealed class VocabEmbedding(TensorView table, IBackend backend) : IDisposable
{
    private readonly Weight _table = backend.Memory.LoadTable(table);

    /// <summary>Rows whose embedding the batch brings itself override the table's.</summary>
    public void Forward(StepBatch batch, Tensor y)
    {
        backend.Linear.Embed(_table, batch.Tokens, y);
        for (int i = 0; i < batch.Embedded.Count; i++)
            backend.Memory.Write(y, batch.Embedded[i].FirstRow, batch.Embedded[i].Values.Span);
    }

    public void Dispose() => _table.Dispose();
}
