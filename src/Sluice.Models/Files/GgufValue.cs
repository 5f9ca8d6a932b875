namespace Sluice.Models.Files;

/// <summary>Where a metadata value lies in its file. The reader has walked it: every length in it stays inside the file.</summary>
/// <param name="Kind">Kind of the value.</param>
/// <param name="Element">Kind of an array's elements; the value's own kind otherwise.</param>
/// <param name="Offset">First byte of the payload, after the length of a string or the head of an array.</param>
/// <param name="Count">Elements of an array, bytes of a string, 1 otherwise.</param>
internal readonly record struct GgufValue(GgufKind Kind, GgufKind Element, long Offset, int Count)
{
    public string KindName => Kind == GgufKind.Array ? $"{Element.Name()}[{Count}]" : Kind.Name();
}
