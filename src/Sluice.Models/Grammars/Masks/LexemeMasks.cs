using Sluice.Models.Grammars.Automata;
using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Masks;

/// <summary>
/// The lexemes of a vocabulary's grammars and their masks. Equal lexemes of different grammars are one object, so that what was worked out
/// for one serves all. Masks are guarded by the vocabulary's lock.
/// </summary>
internal sealed class LexemeMasks(TokenTrie trie, int vocabulary)
{
    private const int MaxLexemes = 2_000;
    private const long MaxBytes = 128 << 20;

    private readonly Lock _gate = new(); // of the lexemes' dictionary alone: grammars are compiled beside the vocabulary's lock
    private readonly Dictionary<(CharDfa Chars, TextForm Form), Lexeme> _lexemes = [];
    private readonly Dictionary<(Lexeme Lexeme, int State), LexemeMask> _masks = [];
    private readonly int[] _states = new int[trie.Deepest + 1];
    private long _bytes;

    /// <summary>The lexeme of these texts.</summary>
    public Lexeme Lexeme(CharDfa chars, TextForm form)
    {
        lock (_gate)
        {
            if (_lexemes.TryGetValue((chars, form), out var known))
                return known;
            if (_lexemes.Count == MaxLexemes)
                _lexemes.Clear(); // those in use stay with their grammars
            return _lexemes[(chars, form)] = new Lexeme(chars, form);
        }
    }

    public LexemeMask Mask(Lexeme lexeme, int state)
    {
        state = lexeme.Alike(state, trie.Deepest);
        if (_masks.TryGetValue((lexeme, state), out var known))
            return known;
        if (_bytes > MaxBytes)
        {
            _masks.Clear();
            _bytes = 0;
        }
        var mask = Walk(lexeme, state);
        _bytes += mask.Inside.Length * 8 + mask.Exits.Length * 8;
        return _masks[(lexeme, state)] = mask;
    }

    private LexemeMask Walk(Lexeme lexeme, int state)
    {
        var inside = new ulong[(vocabulary + 63) / 64];
        var exits = new List<(int Node, int Tag)>();
        _states[0] = state;
        for (int node = 0; node < trie.Nodes;)
        {
            int depth = trie.DepthOf(node);
            if (lexeme.Free(_states[depth - 1])[trie.RunOf(node)].Contains(trie.CharsOf(node)))
            {
                Add(trie.TokensBelow(node), inside);
                node = trie.EndOf(node);
                continue;
            }
            int next = lexeme.Next(_states[depth - 1], trie.ByteOf(node));
            if (next < 0)
            {
                node = trie.EndOf(node);
                continue;
            }
            _states[depth] = next;
            int tag = lexeme.Tag(next);
            if (tag != CharDfa.Rejects)
                exits.Add((node, tag));
            if (lexeme.CanContinue(next))
                Add(trie.TokensOf(node), inside);
            node++;
        }
        return new LexemeMask(inside, [.. exits]);
    }

    private static void Add(ReadOnlySpan<int> tokens, ulong[] bits)
    {
        foreach (int token in tokens)
            bits[token >> 6] |= 1UL << (token & 63);
    }
}
