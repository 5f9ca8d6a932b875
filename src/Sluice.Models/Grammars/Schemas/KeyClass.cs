using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>Names that no rule of an object tells apart.</summary>
/// <param name="Name">The only name; null where there are more, all of them without a rule of their own.</param>
/// <param name="Matches">The patterns they match.</param>
internal sealed record KeyClass(string? Name, IReadOnlySet<CharDfa> Matches);
