namespace Sluice.Core.Quant;

/// <summary>Decodes one stored row to F32: <paramref name="values"/> sets how many elements, and <paramref name="row"/> holds whole blocks of them.</summary>
public delegate void RowDecoder(ReadOnlySpan<byte> row, Span<float> values);
