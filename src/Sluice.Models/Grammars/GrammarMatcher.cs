using Sluice.Models.Grammars.Automata;
using Sluice.Models.Grammars.Masks;

namespace Sluice.Models.Grammars;

/// <summary>
/// How far one text has come through a <see cref="CompiledGrammar"/>, token by token. For one thread at a time; once its grammar is warm
/// nothing is allocated per token.
/// </summary>
public sealed class GrammarMatcher
{
    private readonly CompiledGrammar _grammar;
    private Position[] _past = new Position[64];
    private float[] _kept = new float[64];
    private int _tokens;

    internal GrammarMatcher(CompiledGrammar grammar)
    {
        _grammar = grammar;
        _past[0] = grammar.Automaton.Start;
    }

    /// <summary>Tokens accepted and not taken back.</summary>
    public int Tokens => _tokens;

    /// <summary>Whether the text may end here.</summary>
    public bool IsComplete => Now.Complete;

    /// <summary>Whether nothing can follow but the end.</summary>
    public bool IsFinished => Now is { Complete: true, Readings.Length: 0 };

    private Position Now => _past[_tokens];

    /// <summary>
    /// Sets the logits of all tokens that may not come next to minus infinity; those that end an answer may come where the text may end.
    /// </summary>
    /// <param name="logits">One for each token; those beyond the vocabulary are never allowed.</param>
    /// <returns>False where that leaves none.</returns>
    public bool Mask(Span<float> logits)
    {
        var vocabulary = _grammar.Vocabulary;
        var mask = vocabulary.MaskOf(_grammar, Now);
        var ends = Now.Complete ? vocabulary.EndTokens : [];
        int count = Math.Min(logits.Length, vocabulary.Size);
        if (_kept.Length < mask.Others.Length + ends.Length)
            _kept = new float[mask.Others.Length + ends.Length];
        Keep(logits, mask.Others, _kept);
        Keep(logits, ends, _kept.AsSpan(mask.Others.Length));
        LogitMask.Apply(mask.Bits, logits[..count]);
        logits[count..].Fill(float.NegativeInfinity);
        PutBack(logits, mask.Others, _kept);
        PutBack(logits, ends, _kept.AsSpan(mask.Others.Length));
        return mask.Others.Length + ends.Length > 0 || mask.Bits.ContainsAnyExcept(0UL);
    }

    /// <summary>Whether a token may come next.</summary>
    public bool Allows(int token) =>
        (uint)token < (uint)_grammar.Vocabulary.Size &&
        (_grammar.Vocabulary.EndTokens.Contains(token) ? IsComplete : _grammar.Vocabulary.MaskOf(_grammar, Now).Contains(token));

    /// <summary>
    /// Goes on by a token; false, without having moved, where it may not come next. A token that ends an answer leaves the text as it is.
    /// </summary>
    public bool TryAccept(int token)
    {
        var next = _grammar.Vocabulary.EndTokens.Contains(token)
            ? (Now.Complete ? Now : null)
            : _grammar.Vocabulary.Step(_grammar, Now, token);
        if (next is null)
            return false;
        if (++_tokens == _past.Length)
            Array.Resize(ref _past, 2 * _past.Length);
        _past[_tokens] = next;
        return true;
    }

    /// <summary>Takes the last tokens back.</summary>
    public void RollBack(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)tokens, (uint)_tokens, nameof(tokens));
        _tokens -= tokens;
    }

    /// <summary>What must come next whatever the model says, as the tokenizer spells it; mostly nothing.</summary>
    /// <param name="tokens">Takes them, as far as there is room.</param>
    /// <returns>How many there are.</returns>
    public int Forced(Span<int> tokens) => _grammar.Vocabulary.Forced(_grammar, Now, tokens);

    private static void Keep(ReadOnlySpan<float> logits, ReadOnlySpan<int> tokens, Span<float> kept)
    {
        for (int i = 0; i < tokens.Length; i++)
            kept[i] = tokens[i] < logits.Length ? logits[tokens[i]] : 0;
    }

    private static void PutBack(Span<float> logits, ReadOnlySpan<int> tokens, ReadOnlySpan<float> kept)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            if (tokens[i] < logits.Length)
                logits[tokens[i]] = kept[i];
        }
    }
}
