using Sluice.Models.Grammars.Automata;

namespace Sluice.Models.Grammars;

/// <summary>A grammar over one vocabulary. Seen from outside immutable, and safe to use from many threads.</summary>
public sealed class CompiledGrammar
{
    internal CompiledGrammar(GrammarVocabulary vocabulary, PushdownAutomaton automaton)
    {
        Vocabulary = vocabulary;
        Automaton = automaton;
    }

    internal GrammarVocabulary Vocabulary { get; }

    /// <summary>Guarded by the vocabulary's lock.</summary>
    internal PushdownAutomaton Automaton { get; }

    /// <summary>The state before a text's first token.</summary>
    public GrammarMatcher Start() => new(this);
}
