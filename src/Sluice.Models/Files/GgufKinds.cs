namespace Sluice.Models.Files;

/// <summary>What a reader has to know of each metadata kind.</summary>
internal static class GgufKinds
{
    private static readonly string[] Names =
        ["u8", "i8", "u16", "i16", "u32", "i32", "f32", "bool", "string", "array", "u64", "i64", "f64"];

    public static bool IsKnown(this GgufKind kind) => (uint)kind < Names.Length;

    public static bool IsInteger(this GgufKind kind) => kind is <= GgufKind.I32 or GgufKind.U64 or GgufKind.I64;

    public static bool IsNumber(this GgufKind kind) => kind.IsInteger() || kind is GgufKind.F32 or GgufKind.F64;

    public static string Name(this GgufKind kind) => Names[(int)kind];

    /// <summary>Bytes of one value; 0 for strings and arrays, which carry their own length.</summary>
    public static int FixedBytes(this GgufKind kind) => kind switch
    {
        GgufKind.U8 or GgufKind.I8 or GgufKind.Bool => 1,
        GgufKind.U16 or GgufKind.I16 => 2,
        GgufKind.U32 or GgufKind.I32 or GgufKind.F32 => 4,
        GgufKind.U64 or GgufKind.I64 or GgufKind.F64 => 8,
        _ => 0,
    };
}
