using System.Text;
using Sluice.Models.Grammars.Automata;
using Sluice.Models.Grammars.Masks;
using Sluice.Models.Tokenizers;

namespace Sluice.Models.Grammars;

/// <summary>
/// A tokenizer's vocabulary as grammars need it, with the grammars compiled for it: equal ones are compiled once while they are among the
/// last ones used. Safe to use from many threads; one lock guards all that grows while texts are read.
/// </summary>
public sealed class GrammarVocabulary
{
    private const int MaxGrammars = 64;
    private const int MaxForcedBytes = 256;

    private readonly Lock _gate = new();
    private readonly ITokenizer _tokenizer;
    private readonly TokenTrie _trie;
    private readonly LexemeMasks _lexemes;
    private readonly MaskBuilder _masks;
    private readonly Dictionary<string, (CompiledGrammar Grammar, long LastUse)> _grammars = [];
    private readonly int[] _endTokens;
    private long _uses;

    /// <param name="endTokens">The tokens that end an answer; null takes the vocabulary's.</param>
    public GrammarVocabulary(ITokenizer tokenizer, IEnumerable<int>? endTokens = null)
    {
        _tokenizer = tokenizer;
        _trie = new TokenTrie(tokenizer);
        Size = tokenizer.VocabularySize;
        _lexemes = new LexemeMasks(_trie, Size);
        _masks = new MaskBuilder(_trie, _lexemes, Size);
        _endTokens = [.. endTokens ?? tokenizer.Special.EndOfGeneration];
    }

    /// <summary>One above the highest token id.</summary>
    internal int Size { get; }

    internal ReadOnlySpan<int> EndTokens => _endTokens;

    /// <exception cref="GrammarException">It does not compile, or asks for what is not supported.</exception>
    public CompiledGrammar Compile(Grammar grammar)
    {
        string key = grammar.Key;
        lock (_gate)
        {
            if (Find(key) is { } known)
                return known;
        }
        // Not under the lock: nobody's tokens wait for this.
        var root = new GrammarCompiler(_lexemes).Compile(grammar);
        lock (_gate)
        {
            if (Find(key) is { } known)
                return known;
            if (_grammars.Count == MaxGrammars)
                _grammars.Remove(_grammars.MinBy(entry => entry.Value.LastUse).Key);
            var compiled = new CompiledGrammar(this, new PushdownAutomaton(root));
            _masks.MaskOf(compiled.Automaton, compiled.Automaton.Start); // here, not at the first token on the engine's thread
            _grammars[key] = (compiled, ++_uses);
            return compiled;
        }
    }

    private CompiledGrammar? Find(string key)
    {
        if (!_grammars.TryGetValue(key, out var known))
            return null;
        _grammars[key] = (known.Grammar, ++_uses);
        return known.Grammar;
    }

    internal TokenMask MaskOf(CompiledGrammar grammar, Position position)
    {
        lock (_gate)
            return _masks.MaskOf(grammar.Automaton, position);
    }

    /// <summary>The position behind a token, or null.</summary>
    internal Position? Step(CompiledGrammar grammar, Position position, int token)
    {
        if (!_trie.Holds(token))
            return null;
        lock (_gate)
        {
            Position? at = position;
            foreach (byte value in _tokenizer.Bytes(token))
            {
                at = grammar.Automaton.Step(at, value);
                if (at is null)
                    break;
            }
            return at;
        }
    }

    /// <summary>
    /// Spells the bytes that must follow. The last token is left to the model where the text goes on, for the tokenizer might join it to
    /// what comes.
    /// </summary>
    internal int Forced(CompiledGrammar grammar, Position position, Span<int> tokens)
    {
        Span<byte> bytes = stackalloc byte[MaxForcedBytes];
        int length = 0;
        bool ends;
        lock (_gate)
        {
            Position? at = position;
            while (length < bytes.Length && PushdownAutomaton.OnlyByte(at) is var only and >= 0)
            {
                bytes[length++] = (byte)only;
                at = grammar.Automaton.Step(at, (byte)only)!;
            }
            ends = at is { Complete: true, Readings.Length: 0 };
        }
        return length < 2 && !ends ? 0 : Spell(bytes[..length], ends, tokens);
    }

    private int Spell(ReadOnlySpan<byte> bytes, bool ends, Span<int> tokens)
    {
        if (bytes.IsEmpty || !System.Text.Unicode.Utf8.IsValid(bytes))
            return 0;
        var ids = new List<int>();
        _tokenizer.Encode(Encoding.UTF8.GetString(bytes), default, ids);
        int count = 0;
        foreach (int id in ids)
        {
            var spelt = _tokenizer.Bytes(id);
            // A tokenizer that begins a text with a space, or that changes it, does not spell what is wanted.
            if (!_trie.Holds(id) || !bytes.StartsWith(spelt))
                return 0;
            bytes = bytes[spelt.Length..];
            if (count == tokens.Length || (bytes.IsEmpty && !ends))
                break;
            tokens[count++] = id;
        }
        return count;
    }
}
