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
    private Position _now;
    private float[] _kept = new float[64];

    internal GrammarMatcher(CompiledGrammar grammar)
    {
        _grammar = grammar;
        _now = grammar.Automaton.Start;
    }

    /// <summary>Tokens accepted.</summary>
    public int Tokens { get; private set; }

    /// <summary>Whether the text may end here.</summary>
    public bool IsComplete => _now.Complete;

    /// <summary>Whether nothing can follow but the end.</summary>
    public bool IsFinished => _now is { Complete: true, Readings.Length: 0 };

    /// <summary>
    /// Sets the logits of all tokens that may not come next to minus infinity; those that end an answer may come where the text may end.
    /// </summary>
    /// <param name="logits">One for each token; those beyond the vocabulary are never allowed.</param>
    /// <returns>False where that leaves none.</returns>
    public bool Mask(Span<float> logits)
    {
        var vocabulary = _grammar.Vocabulary;
        var mask = vocabulary.MaskOf(_grammar, _now);
        var ends = _now.Complete ? vocabulary.EndTokens : [];
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
        (_grammar.Vocabulary.EndTokens.Contains(token) ? IsComplete : _grammar.Vocabulary.MaskOf(_grammar, _now).Contains(token));

    /// <summary>
    /// Goes on by a token; false, without having moved, where it may not come next. A token that ends an answer leaves the text as it is.
    /// </summary>
    public bool TryAccept(int token)
    {
        var next = _grammar.Vocabulary.EndTokens.Contains(token)
            ? (_now.Complete ? _now : null)
            : _grammar.Vocabulary.Step(_grammar, _now, token);
        if (next is null)
            return false;
        _now = next;
        Tokens++;
        return true;
    }

    /// <summary>What must come next whatever the model says, as the tokenizer spells it; mostly nothing.</summary>
    /// <param name="tokens">Takes them, as far as there is room.</param>
    /// <returns>How many there are.</returns>
    public int Forced(Span<int> tokens) => _grammar.Vocabulary.Forced(_grammar, _now, tokens);

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
