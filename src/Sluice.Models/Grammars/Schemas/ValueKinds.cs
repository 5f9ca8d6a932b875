namespace Sluice.Models.Grammars.Schemas;

/// <summary>What a JSON value can be.</summary>
[Flags]
internal enum ValueKinds
{
    None = 0,
    Null = 1,
    True = 2,
    False = 4,
    Number = 8,
    String = 16,
    Array = 32,
    Object = 64,
    All = 127,
}
