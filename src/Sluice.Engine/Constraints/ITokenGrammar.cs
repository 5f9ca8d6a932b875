namespace Sluice.Engine.Constraints;

/// <summary>
/// What answers may say: compiled once, immutable, shared between requests and threads. Two requests ask for the same only where they have
/// the same instance, or equal ones.
/// </summary>
public interface ITokenGrammar
{
    /// <summary>The state before the first token of an answer. Called once for each sequence, on the submitting thread.</summary>
    ITokenConstraint Start();
}
