using System.Collections.Frozen;
using Sluice.Core;

namespace Sluice.Models.Files;

/// <summary>The format's own type names.</summary>
internal static class SafetensorsTypes
{
    private static readonly FrozenDictionary<string, DType> ByName = new Dictionary<string, DType>
    {
        ["BOOL"] = DType.Bool,
        ["U8"] = DType.U8,
        ["U16"] = DType.U16,
        ["U32"] = DType.U32,
        ["U64"] = DType.U64,
        ["I8"] = DType.I8,
        ["I16"] = DType.I16,
        ["I32"] = DType.I32,
        ["I64"] = DType.I64,
        ["F4"] = DType.F4,
        ["F6_E2M3"] = DType.F6_E2M3,
        ["F6_E3M2"] = DType.F6_E3M2,
        ["F8_E4M3"] = DType.F8_E4M3,
        ["F8_E5M2"] = DType.F8_E5M2,
        ["F8_E8M0"] = DType.F8_E8M0,
        ["F16"] = DType.F16,
        ["BF16"] = DType.BF16,
        ["F32"] = DType.F32,
        ["F64"] = DType.F64,
        ["C64"] = DType.C64,
    }.ToFrozenDictionary();

    public static bool TryGet(string name, out DType type) => ByName.TryGetValue(name, out type);
}
