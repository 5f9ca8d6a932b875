using System.Buffers.Binary;
using System.Globalization;

namespace Sluice.Models.Files;

/// <summary>Decodes single numbers of every metadata kind from their stored bytes.</summary>
internal static class GgufScalars
{
    /// <summary>An integer of any integer kind; false where it does not fit 64 signed bits.</summary>
    public static bool TryInteger(GgufKind kind, ReadOnlySpan<byte> bytes, out long value)
    {
        value = kind switch
        {
            GgufKind.U8 => bytes[0],
            GgufKind.I8 => (sbyte)bytes[0],
            GgufKind.U16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            GgufKind.I16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            GgufKind.U32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            GgufKind.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        };
        return kind != GgufKind.U64 || value >= 0;
    }

    /// <summary>A number of any integer or float kind.</summary>
    public static double Number(GgufKind kind, ReadOnlySpan<byte> bytes) => kind switch
    {
        GgufKind.F32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        GgufKind.F64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        GgufKind.U64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        _ => TryInteger(kind, bytes, out long integer) ? integer : 0,
    };

    /// <summary>A number or truth value as a listing shows it.</summary>
    public static string Display(GgufKind kind, ReadOnlySpan<byte> bytes) => kind switch
    {
        GgufKind.Bool => bytes[0] != 0 ? "true" : "false",
        GgufKind.F32 => BinaryPrimitives.ReadSingleLittleEndian(bytes).ToString(CultureInfo.InvariantCulture),
        GgufKind.F64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes).ToString(CultureInfo.InvariantCulture),
        GgufKind.U64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes).ToString(CultureInfo.InvariantCulture),
        _ => TryInteger(kind, bytes, out long integer) ? integer.ToString(CultureInfo.InvariantCulture) : "",
    };
}
