namespace Sluice.Models.Grammars.Automata;

/// <summary>Where a lexeme stands between two bytes.</summary>
/// <param name="State">State of the automaton over code points; the target where that is settled already; the tag where closed.</param>
/// <param name="Value">The bits of a code point or code unit that came so far.</param>
/// <param name="Left">How many bytes or hexadecimal digits of it are to come.</param>
/// <param name="High">The first half of a surrogate pair, where one has been read.</param>
internal readonly record struct LexemePlace(LexemePlaceKind Kind, int State, int Value = 0, int Left = 0, int High = 0);
