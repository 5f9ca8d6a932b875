namespace Sluice.Models.Grammars.Automata;

/// <summary>A state of a <see cref="Lexeme"/>, as walks over vocabularies read it.</summary>
/// <param name="Next">The state behind each byte.</param>
/// <param name="Tag">What is accepted here.</param>
/// <param name="CanContinue">Whether any byte leads on.</param>
/// <param name="TakesAnything">Whether it is between two characters of a JSON string that may go on with anything for ever.</param>
internal readonly record struct LexemeState(int[] Next, int Tag, bool CanContinue, bool TakesAnything);
