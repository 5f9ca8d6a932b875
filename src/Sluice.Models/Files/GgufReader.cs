using System.Buffers.Binary;
using System.Text;
using Sluice.Core.Errors;
using Sluice.Core.Memory;

namespace Sluice.Models.Files;

/// <summary>
/// A cursor over the head of a GGUF file that trusts no length, count or kind: whatever it returns lies inside the file, and nothing is
/// allocated on the word of a number in the file.
/// </summary>
internal sealed class GgufReader(MappedFile file)
{
    private const int MaxNameBytes = 65535; // the format's own limit for keys
    private const int MaxStringBytes = 1 << 30;
    private const int MaxArrayElements = 1 << 27; // 8-byte elements of one array still fit one span
    private const int MaxArrayDepth = 8;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public MappedFile File => file;

    public long Position { get; private set; }

    public long Remaining => file.Length - Position;

    public uint U32(string field) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, field));

    public ulong U64(string field) => BinaryPrimitives.ReadUInt64LittleEndian(Take(8, field));

    public ReadOnlySpan<byte> Take(int bytes, string field)
    {
        if (bytes > Remaining)
            throw Fail($"the file ends inside {field}");
        var taken = file.Span(Position, bytes);
        Position += bytes;
        return taken;
    }

    /// <summary>A count of things of which each takes at least <paramref name="leastBytes"/> of what is left of the file.</summary>
    public int Count(string field, int leastBytes, int most)
    {
        long at = Position;
        ulong count = U64(field);
        long left = Remaining;
        if (count > (ulong)(left / leastBytes))
            throw Fail($"{field} is {count}, more than the {left} bytes left of the file can hold; it is cut short or damaged", at);
        if (count > (ulong)most)
            throw Fail($"{field} is {count}, more than the {most} that are accepted", at);
        return (int)count;
    }

    /// <summary>The name of a key or a tensor: strict UTF-8 of bounded length.</summary>
    public string Name(string field)
    {
        long at = Position;
        var bytes = Take(Count($"the length of {field}", 1, MaxNameBytes), field);
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw Fail($"{field} {Printable.Quote(bytes)} is not UTF-8", at, e);
        }
    }

    /// <summary>Walks over one value and says where it lies.</summary>
    public GgufValue Value(string field)
    {
        var kind = Kind(field);
        return kind == GgufKind.Array ? Array(field, 1) : Payload(kind, field);
    }

    public ModelFileException Fail(string problem, long? at = null, Exception? inner = null) =>
        new(file.Path, problem, at ?? Position, inner);

    private GgufKind Kind(string field)
    {
        long at = Position;
        var kind = (GgufKind)U32($"the kind of {field}");
        return kind.IsKnown() ? kind : throw Fail($"{field} has unknown kind {(uint)kind}", at);
    }

    private GgufValue Payload(GgufKind kind, string field)
    {
        int count = kind == GgufKind.String ? Count($"the length of {field}", 1, MaxStringBytes) : 1;
        var value = new GgufValue(kind, kind, Position, count);
        Take(kind == GgufKind.String ? count : kind.FixedBytes(), field);
        return value;
    }

    private GgufValue Array(string field, int depth)
    {
        if (depth > MaxArrayDepth)
            throw Fail($"{field} nests arrays deeper than {MaxArrayDepth}");
        var element = Kind(field);
        int size = element.FixedBytes();
        // A string takes at least its 8-byte length, an inner array its kind and count.
        int least = size > 0 ? size : element == GgufKind.String ? 8 : 12;
        int count = Count($"the element count of {field}", least, MaxArrayElements);
        var value = new GgufValue(GgufKind.Array, element, Position, count);
        if (size > 0)
            Take(size * count, field);
        else
            for (int i = 0; i < count; i++)
                SkipElement(element, field, depth);
        return value;
    }

    private void SkipElement(GgufKind element, string field, int depth)
    {
        if (element == GgufKind.Array)
        {
            Array(field, depth + 1);
            return;
        }
        ulong length = U64(field);
        if (length > (ulong)Math.Min(Remaining, MaxStringBytes))
            throw Fail($"a string of {length} bytes in {field} does not fit the file");
        Position += (long)length;
    }
}
