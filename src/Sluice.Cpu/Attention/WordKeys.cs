namespace Sluice.Cpu.Attention;

/// <summary>Where the K of up to 32 tokens lies: 16, and the 16 after them.</summary>
internal unsafe struct WordKeys
{
    public byte* Keys;

    /// <summary>From <see cref="Keys"/> to those of the 16 tokens after.</summary>
    public nint Gap;

    public ushort* Scales;

    /// <summary>The scales of the 16 tokens after.</summary>
    public ushort* NextScales;

    /// <summary>From the scales of some dims to those of the next, in scales.</summary>
    public int ScaleStride;

    /// <summary>16 or 32.</summary>
    public int Tokens;

    /// <summary>Bytes of a row: the words of as many dims as a word has elements.</summary>
    public nint RowBytes;

    /// <summary>Distance of memory to be fetched meanwhile.</summary>
    public nint Ahead;
}
