using System.Buffers.Binary;
using System.Text;

namespace Sluice.Http.Fakes;

/// <summary>A message of protocol buffers read without its schema: fields by number, as the wire has them.</summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Field, ulong Number, ReadOnlyMemory<byte> Bytes)> _fields = [];

    public ProtoMessage(ReadOnlyMemory<byte> bytes)
    {
        for (int at = 0; at < bytes.Length;)
        {
            ulong key = ReadVarint(bytes.Span, ref at);
            int field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    _fields.Add((field, ReadVarint(bytes.Span, ref at), default));
                    break;
                case 1:
                    _fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[at..]), default));
                    at += 8;
                    break;
                case 2:
                    int length = (int)ReadVarint(bytes.Span, ref at);
                    _fields.Add((field, 0, bytes.Slice(at, length)));
                    at += length;
                    break;
                case 5:
                    _fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[at..]), default));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7} at {at}");
            }
        }
    }

    public bool Has(int field) => _fields.Exists(entry => entry.Field == field);

    public ulong Number(int field) => _fields.Find(entry => entry.Field == field).Number;

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field).Span);

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field).Span);

    public IEnumerable<ProtoMessage> All(int field) =>
        _fields.Where(entry => entry.Field == field).Select(entry => new ProtoMessage(entry.Bytes));

    /// <summary>Every message on a path of fields.</summary>
    public IEnumerable<ProtoMessage> At(params int[] path) =>
        path.Aggregate(Enumerable.Repeat(this, 1), (found, field) => found.SelectMany(message => message.All(field)));

    private ReadOnlyMemory<byte> Bytes(int field) => _fields.Find(entry => entry.Field == field).Bytes;

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
