namespace Sluice.Models.Grammars.Schemas;

/// <param name="From">The first index it is about.</param>
/// <param name="Until">The index behind the last.</param>
internal readonly record struct ItemRule(int From, int Until, Literal Literal);
