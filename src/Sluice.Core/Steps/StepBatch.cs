namespace Sluice.Core.Steps;

/// <summary>
/// The inputs of one step as plain data, in buffers that are reused. The engine's batch builder fills it; the model and the backend read
/// it. It can be serialised to other ranks as it stands: it holds no handles.
/// </summary>
public sealed class StepBatch
{
    /// <summary>Stands in a block table for a block that none of the step's tokens sees and that is kept no longer.</summary>
    public const int DroppedBlock = -1;

    /// <summary>How many units of counted attention all that one head of one token gives are.</summary>
    public const long AttentionUnit = 1 << 30;

    private readonly int[] _tokens;
    private readonly int[] _positions;
    private readonly SequenceSlice[] _sequences;
    private readonly int[] _outputRows;
    private readonly int[][] _blockTables;
    private readonly long[]?[] _attention; // of each sequence, once it wanted some
    private readonly List<EmbeddedRows> _embedded = [];

    /// <param name="maxRows">Most tokens in one step.</param>
    /// <param name="maxSequences">Most sequences in one step.</param>
    /// <param name="maxBlocksPerSequence">For each KV group, the length of a sequence's block table.</param>
    public StepBatch(int maxRows, int maxSequences, ReadOnlySpan<int> maxBlocksPerSequence)
    {
        _tokens = new int[maxRows];
        _positions = new int[maxRows];
        _outputRows = new int[maxRows];
        _sequences = new SequenceSlice[maxSequences];
        _attention = new long[maxSequences][];
        BlockTableStride = maxBlocksPerSequence.ToArray();
        _blockTables = new int[maxBlocksPerSequence.Length][];
        for (int g = 0; g < _blockTables.Length; g++)
            _blockTables[g] = new int[maxSequences * maxBlocksPerSequence[g]];
    }

    public int MaxRows => _tokens.Length;

    public int MaxSequences => _sequences.Length;

    /// <summary>Rows in use.</summary>
    public int Rows { get; private set; }

    /// <summary>Entries per sequence in each group's block tables.</summary>
    public int[] BlockTableStride { get; }

    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Rows);

    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, Rows);

    public ReadOnlySpan<SequenceSlice> Sequences => _sequences.AsSpan(0, SequenceCount);

    public int SequenceCount { get; private set; }

    /// <summary>Rows whose logits are wanted, ascending; logits row i belongs to OutputRows[i].</summary>
    public ReadOnlySpan<int> OutputRows => _outputRows.AsSpan(0, OutputCount);

    public int OutputCount { get; private set; }

    /// <summary>Whether anybody wants the normed hidden states of its rows, which then follow the logits.</summary>
    public bool WantsHidden { get; set; }

    /// <summary>Whether what tokens attend to is to be counted for some sequence.</summary>
    public bool ObservesAttention { get; private set; }

    /// <summary>Rows whose embedding is given instead of looked up.</summary>
    public IReadOnlyList<EmbeddedRows> Embedded => _embedded;

    /// <summary>
    /// Block index of each block-sized stretch of positions of <paramref name="sequence"/>, for KV group <paramref name="group"/>.
    /// </summary>
    public ReadOnlySpan<int> BlockTable(int group, int sequence) =>
        _blockTables[group].AsSpan(sequence * BlockTableStride[group], BlockTableStride[group]);

    /// <summary>
    /// What the observed tokens of a sequence that chooses by attention gave to each block of its tables, in this step, summed over heads and
    /// layers, in units of <see cref="AttentionUnit"/>: whole numbers, whose sum is the same in any order. The backend adds to it.
    /// </summary>
    public Span<long> Attention(int sequence) => _attention[sequence];

    public void Clear()
    {
        Rows = 0;
        SequenceCount = 0;
        OutputCount = 0;
        WantsHidden = false;
        ObservesAttention = false;
        _embedded.Clear();
    }

    /// <summary>
    /// Opens a sequence of <paramref name="rows"/> rows from <paramref name="firstPosition"/> on; the caller fills the returned tokens.
    /// </summary>
    /// <param name="removed">Positions whose blocks have left its tables.</param>
    public Span<int> AddSequence(
        int rows, int firstPosition, out int index, KvRetention retention = default, int adapter = 0, int removed = 0)
    {
        index = SequenceCount++;
        _sequences[index] = new SequenceSlice(Rows, rows, firstPosition, retention, adapter, removed);
        if (retention.ChoosesByAttention)
        {
            ObservesAttention = true;
            Array.Clear(_attention[index] ??= new long[BlockTableStride.Max()]);
        }
        for (int i = 0; i < rows; i++)
            _positions[Rows + i] = firstPosition + i;
        Rows += rows;
        return _tokens.AsSpan(Rows - rows, rows);
    }

    /// <summary>The block table to fill for a sequence just added.</summary>
    public Span<int> WritableBlockTable(int group, int sequence) =>
        _blockTables[group].AsSpan(sequence * BlockTableStride[group], BlockTableStride[group]);

    public void AddOutputRow(int row) => _outputRows[OutputCount++] = row;

    public void AddEmbedded(int firstRow, ReadOnlyMemory<float> values) => _embedded.Add(new EmbeddedRows(firstRow, values));
}
