using System.Buffers.Binary;
using System.Collections;
using System.Text;
using Sluice.Core.Memory;

namespace Sluice.Models.Files;

/// <summary>
/// An array of strings left where it is in the mapped file and decoded one by one on demand, so that a vocabulary of 150,000 tokens costs
/// one offset each. Valid until the file is disposed.
/// </summary>
public sealed class Utf8Strings : IReadOnlyList<string>
{
    private readonly MappedFile _file;
    private readonly long[] _starts;

    /// <summary>The reader has checked that all lengths stay inside the file.</summary>
    internal Utf8Strings(MappedFile file, long offset, int count)
    {
        _file = file;
        _starts = new long[count];
        for (int i = 0; i < count; i++)
        {
            _starts[i] = offset;
            offset += 8 + LengthAt(offset);
        }
    }

    public int Count => _starts.Length;

    /// <summary>The entry as text. Bytes that are not UTF-8 become U+FFFD: use <see cref="Bytes"/> where they matter.</summary>
    public string this[int index] => Encoding.UTF8.GetString(Bytes(index));

    /// <summary>The entry as stored, which need not be valid UTF-8. Borrowed from the mapped file.</summary>
    public ReadOnlySpan<byte> Bytes(int index)
    {
        long start = _starts[index];
        return _file.Span(start + 8, LengthAt(start));
    }

    public IEnumerator<string> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int LengthAt(long start) => checked((int)BinaryPrimitives.ReadInt64LittleEndian(_file.Span(start, 8)));
}
