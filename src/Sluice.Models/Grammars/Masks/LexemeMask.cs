namespace Sluice.Models.Grammars.Masks;

/// <summary>What tokens do from one state of a lexeme, whatever comes behind it.</summary>
/// <param name="Inside">The tokens at whose end the lexeme still goes on; one bit for each of the vocabulary.</param>
/// <param name="Exits">The nodes of the trie at which the lexeme accepts, and what it accepts there.</param>
internal sealed record LexemeMask(ulong[] Inside, (int Node, int Tag)[] Exits);
