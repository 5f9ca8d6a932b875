namespace Sluice.Models.Grammars.Schemas;

/// <summary>What the values of some properties must satisfy.</summary>
internal readonly record struct MemberRule(KeySet Keys, Literal Literal);
