using Sluice.Core.Steps;

namespace Sluice.Cpu.Attention;

/// <summary>
/// The queries that share loads of K and V: some consecutive rows of one sequence, all query heads of one KV head. Query t is row t / Group, head
/// t % Group.
/// </summary>
internal unsafe struct QueryTile
{
    /// <summary>Query 0.</summary>
    public float* Q;

    /// <summary>Distance of rows of Q, in floats; heads are HeadDim apart.</summary>
    public long RowStride;

    public int Rows;

    public int Group;

    public int HeadDim;

    /// <summary>Positions that the first row sees; each further row sees one more.</summary>
    public int FirstVisible;

    /// <summary>Which of those the window and the sinks leave visible.</summary>
    public KvRetention Retention;

    public float Scale;

    public readonly int Count => Rows * Group;

    public readonly float* Query(int t) => Q + t / Group * RowStride + t % Group * HeadDim;

    /// <summary>Positions below this one come before query t, or are its own.</summary>
    public readonly int Visible(int t) => FirstVisible + t / Group;

    /// <summary>Positions from the sinks up to this one are hidden from query t.</summary>
    public readonly int HiddenEnd(int t) => Retention.HiddenEnd(Visible(t) - 1);
}
