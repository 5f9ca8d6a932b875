using Sluice.Core;

namespace Sluice.Models.Files;

/// <summary>What a file says of one tensor.</summary>
/// <param name="Name">Name as stored.</param>
/// <param name="Type">Stored type.</param>
/// <param name="Shape">Dimensions, slowest first: [rows, cols], [experts, rows, cols], [length].</param>
/// <param name="File">Index of the file (shard) that holds it.</param>
/// <param name="Offset">First byte in that file.</param>
/// <param name="Bytes">Length in bytes.</param>
public sealed record TensorInfo(string Name, DType Type, long[] Shape, int File, long Offset, long Bytes)
{
    /// <summary>Elements of one row: the fastest dimension.</summary>
    public long Cols => Shape[^1];

    /// <summary>Rows over all slower dimensions.</summary>
    public long Rows
    {
        get
        {
            long rows = 1;
            for (int i = 0; i < Shape.Length - 1; i++)
                rows *= Shape[i];
            return rows;
        }
    }
}
