using Sluice.Core.Steps;

namespace Sluice.Core.Backend;

/// <summary>
/// Attention over paged KV. It reads what is stored: if the store quantises, attention sees the quantised values,
/// also for this step's own rows.
/// </summary>
public interface IAttentionOps
{
    /// <summary>Bytes that one block of every layer of a group takes, K and V, with whatever padding the backend's layout needs.</summary>
    /// <exception cref="Errors.SluiceException">The backend does not store KV in the type; the message lists those it does.</exception>
    long BlockBytes(KvGroupSpec spec);

    /// <summary>Memory for <paramref name="blocks"/> blocks of every layer of a group, leased from the device's budget.</summary>
    /// <param name="group">The group's place among the model's KV groups: which of a batch's block tables name its blocks.</param>
    KvStore AllocateKv(int group, KvGroupSpec spec, int blocks);

    /// <summary>
    /// Stores K and V of the step's rows (rows x kvHeads·headDim) in the slots that the batch's block tables give for their positions.
    /// </summary>
    /// <param name="layer">Index within the group.</param>
    void Append(KvStore kv, int layer, Tensor k, Tensor v, StepBatch batch);

    /// <summary>
    /// Copies a block of every layer, <see cref="BlockBytes"/> long, as it is stored: bytes for
    /// <see cref="LoadBlock"/> of an equal spec alone.
    /// </summary>
    void SaveBlock(KvStore kv, int block, Span<byte> bytes);

    /// <summary>Puts back what <see cref="SaveBlock"/> copied, into any block.</summary>
    void LoadBlock(KvStore kv, int block, ReadOnlySpan<byte> bytes);

    /// <summary>
    /// y = softmax(q · Kᵀ · scale) · V, causal, per sequence; q and y are rows x heads·headDim. A row sees what its
    /// sequence's table still has and <see cref="KvGroupSpec.Retention"/> leaves it; blocks that no row of a sequence sees may be missing
    /// from its table.
    /// </summary>
    /// <param name="heads">Query heads; a multiple of the group's KV heads, which they share in order.</param>
    void Attend(KvStore kv, int layer, Tensor q, int heads, float scale, StepBatch batch, Tensor y);

    /// <summary>
    /// Adds to <see cref="StepBatch.Attention"/> what softmax(q · Kᵀ · scale) of the rows that <see cref="KvRetention.Observes"/> gives each
    /// block. What a row adds does not depend on the batch it is in. After <see cref="Append"/>; nothing for a group with a window of its own.
    /// </summary>
    void Observe(KvStore kv, int layer, Tensor q, int heads, float scale, StepBatch batch);
}
