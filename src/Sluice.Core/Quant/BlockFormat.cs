namespace Sluice.Core.Quant;

/// <summary>How many elements of a type share one block, and how many bytes that block takes.</summary>
public sealed record BlockFormat(DType Type, int BlockElements, int BlockBytes)
{
    public string Name => Type.ToString();

    /// <summary>Bytes of <paramref name="elements"/> consecutive elements, which must be whole blocks.</summary>
    public long BytesFor(long elements) => elements / BlockElements * BlockBytes;
}
