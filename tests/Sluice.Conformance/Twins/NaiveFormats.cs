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
            case "Q4_K":
                {
                    var block = bytes.Slice(i / 256 * 144, 144);
                    int e = i % 256, pair = block[16 + e / 64 * 32 + e % 32];
                    return SixBitScaled(block, e / 32, e % 64 < 32 ? pair & 15 : pair >> 4);
                }
            case "Q5_K":
                {
                    var block = bytes.Slice(i / 256 * 176, 176);
                    int e = i % 256, pair = block[48 + e / 64 * 32 + e % 32];
                    int fifth = (block[16 + e % 32] & (1 << (e / 32))) == 0 ? 0 : 16;
                    return SixBitScaled(block, e / 32, fifth + (e % 64 < 32 ? pair & 15 : pair >> 4));
                }
            case "Q6_K":
                {
                    var block = bytes.Slice(i / 256 * 210, 210);
                    int e = i % 256, half = e / 128, at = e % 128;
                    int pair = block[64 * half + at % 64];
                    int upper = block[128 + 32 * half + at % 32] >> (at / 32 * 2);
                    int quant = (at < 64 ? pair & 15 : pair >> 4) + 16 * (upper & 3);
                    return (double)BinaryPrimitives.ReadHalfLittleEndian(block[208..]) * (sbyte)block[192 + e / 16] * (quant - 32);
                }
            default:
                throw new NotSupportedException($"no naive decoder for {type}");
        }
    }

    /// <summary>scale · s · quant - minScale · m, where sub-block j's s and m are six bits each.</summary>
    private static double SixBitScaled(ReadOnlySpan<byte> block, int j, int quant)
    {
        var packed = block.Slice(4, 12);
        int s = j < 4 ? packed[j] & 63 : (packed[j + 4] & 15) + (packed[j - 4] >> 6) * 16;
        int m = j < 4 ? packed[j + 4] & 63 : (packed[j + 4] >> 4) + (packed[j] >> 6) * 16;
        return (double)BinaryPrimitives.ReadHalfLittleEndian(block) * s * quant - (double)BinaryPrimitives.ReadHalfLittleEndian(block[2..]) * m;
    }
}
