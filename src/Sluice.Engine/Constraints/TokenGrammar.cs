using Sluice.Models.Grammars;

namespace Sluice.Engine.Constraints;

/// <summary>A compiled grammar that answers follow from their first token on. Equal for the same grammar.</summary>
public sealed record TokenGrammar(CompiledGrammar Compiled) : ITokenGrammar
{
    public ITokenConstraint Start() => new Constraint(Compiled.Start());

    private sealed class Constraint(GrammarMatcher matcher) : ITokenConstraint
    {
        public bool IsFinished => matcher.IsFinished;

        public bool Mask(Span<float> logits) => matcher.Mask(logits);

        public bool TryAccept(int token) => matcher.TryAccept(token);

        public int Forced(Span<int> tokens) => matcher.Forced(tokens);
    }
}
