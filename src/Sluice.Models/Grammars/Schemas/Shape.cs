using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>The values that satisfy a goal, by what they are: each kind of them is simple to write.</summary>
/// <param name="Words">Those of null, true and false.</param>
/// <param name="Values">All of them, where they are a few that a schema lists; otherwise null.</param>
internal sealed record Shape(
    IReadOnlyList<string> Words, CharDfa Numbers, CharDfa Strings, IReadOnlyList<ArrayShape> Arrays, IReadOnlyList<ObjectShape> Objects,
    IReadOnlyList<string>? Values);
