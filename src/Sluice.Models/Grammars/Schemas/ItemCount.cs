namespace Sluice.Models.Grammars.Schemas;

/// <summary>How many items from an index on must satisfy a literal.</summary>
/// <param name="Most">Null for no limit.</param>
internal readonly record struct ItemCount(int From, Literal Literal, int Least, int? Most);
