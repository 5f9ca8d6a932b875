namespace Sluice.Engine.Constraints;

/// <summary>
/// How far one answer has come through its <see cref="ITokenGrammar"/>. One sequence owns it and one thread at a time calls it; nothing is
/// allocated per token once it is warm. The tokens that end an answer are part of it: they are allowed where the answer may end.
/// </summary>
public interface ITokenConstraint
{
    /// <summary>Whether nothing can follow but the end.</summary>
    bool IsFinished { get; }

    /// <summary>Sets the logits of all tokens that may not come next to minus infinity.</summary>
    /// <param name="logits">One for each token of the vocabulary.</param>
    /// <returns>False where that leaves none.</returns>
    bool Mask(Span<float> logits);

    /// <summary>Goes on by a token; false, without having moved, where it may not come next.</summary>
    bool TryAccept(int token);

    /// <summary>
    /// What must come next whatever the model says, spelt as the tokenizer spells it; nothing is accepted by this call.
    /// </summary>
    /// <param name="tokens">Takes the tokens, from the first on, as far as there is room.</param>
    /// <returns>How many there are; mostly none.</returns>
    int Forced(Span<int> tokens);
}
