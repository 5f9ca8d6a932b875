using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Automata;

/// <summary>A state of a <see cref="Lexeme"/>, as walks over vocabularies read it.</summary>
/// <param name="Next">The state behind each byte.</param>
/// <param name="Tag">What is accepted here.</param>
/// <param name="CanContinue">Whether any byte leads on.</param>
/// <param name="Free">See <see cref="Lexeme.Free"/>; null until somebody asks.</param>
internal readonly record struct LexemeState(int[] Next, int Tag, bool CanContinue, CharMask[]? Free);
