using System.Buffers.Binary;
using Sluice.Core.Errors;

namespace Sluice.Models.Tokenizers.Loading;

/// <summary>Walks the fields of one protobuf message. Knows the wire format only; what a field means is for the caller.</summary>
internal ref struct ProtobufReader(string path, ReadOnlySpan<byte> message, int offset)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;

    /// <summary>Number of the present field.</summary>
    public int Field { get; private set; }

    /// <summary>The present field's value if it is a number; the bits of a float.</summary>
    public ulong Number { get; private set; }

    /// <summary>The present field's value if it is a string, bytes or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Moves to the next field.</summary>
    /// <exception cref="ModelFileException">The message is damaged.</exception>
    public bool MoveNext()
    {
        if (_at == _message.Length)
            return false;
        ulong tag = Varint();
        Field = tag >> 3 is > 0 and <= int.MaxValue and var field ? (int)field : throw Fail("has a field without a number");
        Bytes = [];
        Number = 0;
        switch (tag & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case 2:
                ulong length = Varint();
                Bytes = Take(length <= int.MaxValue ? (int)length : throw Fail($"has a field of {length} bytes"));
                break;
            case 5:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw Fail($"has a field of wire type {tag & 7}, which is none");
        }
        return true;
    }

    /// <summary>A reader of the message in the present field.</summary>
    public readonly ProtobufReader Inner() => new(path, Bytes, offset + _at - Bytes.Length);

    public readonly ModelFileException Fail(string problem) => new(path, problem, offset + _at);

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw Fail("has a number of more than ten bytes");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _message.Length - _at)
            throw Fail($"ends inside a field that wants {count} bytes");
        _at += count;
        return _message.Slice(_at - count, count);
    }
}
