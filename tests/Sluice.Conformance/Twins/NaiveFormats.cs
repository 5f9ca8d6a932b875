using System.Buffers.Binary;
using Sluice.Core;

namespace Sluice.Conformance.Twins;

/// <summary>What stored bytes mean, element by element in double precision, written from ggml's definition of each format.</summary>
internal static class NaiveFormats
{
    public static double[] Decode(DType type, ReadOnlySpan<byte> bytes, int count)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = Element(type, bytes, i);
        return values;
    }

    private static double Element(DType type, ReadOnlySpan<byte> bytes, int i)
    {
        switch (type.ToString())
        {
            case "F32":
                return BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
            case "F16":
                return (double)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
            case "BF16":
                return BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16);
            case "Q8_0":
                {
                    var block = bytes.Slice(i / 32 * 34, 34);
                    return (double)BinaryPrimitives.ReadHalfLittleEndian(block) * (sbyte)block[2 + i % 32];
                }
            case "Q4_0":
                {
                    var block = bytes.Slice(i / 32 * 18, 18);
                    int pair = block[2 + i % 16];
                    return (double)BinaryPrimitives.ReadHalfLittleEndian(block) * ((i % 32 < 16 ? pair & 15 : pair >> 4) - 8);
                }
            default:
                throw new NotSupportedException($"no naive decoder for {type}");
        }
    }
}
