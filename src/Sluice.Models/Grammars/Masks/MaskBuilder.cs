using Sluice.Models.Grammars.Automata;

namespace Sluice.Models.Grammars.Masks;

/// <summary>
/// Finds the tokens that may come at a position: those that stay within a lexeme are known already, and only what leaves one is followed
/// through the automaton. Not thread-safe: its vocabulary's lock guards it.
/// </summary>
internal sealed class MaskBuilder(TokenTrie trie, LexemeMasks lexemes, int vocabulary)
{
    // More tokens than this beside the bits are cheaper as bits.
    private const int MaxOthers = 512;
    private const long MaxBytes = 64 << 20;

    private readonly Dictionary<Position, TokenMask> _masks = [];
    private readonly List<int> _others = [];
    private readonly Position?[] _positions = new Position?[trie.Deepest + 1];
    private readonly ulong[] _none = new ulong[(vocabulary + 63) / 64];
    private long _bytes;

    public TokenMask MaskOf(PushdownAutomaton automaton, Position position)
    {
        if (_masks.TryGetValue(position, out var known))
            return known;
        if (_bytes > MaxBytes)
        {
            _masks.Clear();
            _bytes = 0;
        }
        return _masks[position] = Build(automaton, position);
    }

    private TokenMask Build(PushdownAutomaton automaton, Position position)
    {
        _others.Clear();
        ulong[] bits = _none;
        bool own = false;
        foreach (var reading in position.Readings)
        {
            var mask = lexemes.Mask(reading.Edge.Lexeme!, reading.State);
            if (ReferenceEquals(bits, _none))
                bits = mask.Inside;
            else if (!ReferenceEquals(bits, mask.Inside))
            {
                bits = own ? bits : [.. bits];
                own = true;
                for (int w = 0; w < bits.Length; w++)
                    bits[w] |= mask.Inside[w];
            }
            foreach (var (node, tag) in mask.Exits)
            {
                if (automaton.Behind(reading.Edge, tag, reading.Stack) is { } behind)
                    Follow(automaton, behind, node);
            }
        }
        _bytes += 256 + (own ? bits.Length * 8 : _others.Count * 4);
        _others.RemoveAll(token => ((bits[token >> 6] >> (token & 63)) & 1) != 0);
        if (_others.Count <= MaxOthers)
            return new TokenMask(bits, [.. _others.Distinct()]);
        bits = own ? bits : [.. bits];
        _bytes += bits.Length * 8;
        foreach (int token in _others)
            bits[token >> 6] |= 1UL << (token & 63);
        return new TokenMask(bits, []);
    }

    /// <summary>
    /// Takes the tokens that end at a node of the trie, where the text stands at a position, and those below it that go on.
    /// </summary>
    private void Follow(PushdownAutomaton automaton, Position position, int from)
    {
        _others.AddRange(trie.TokensOf(from));
        _positions[trie.DepthOf(from)] = position;
        int end = trie.EndOf(from);
        for (int node = from + 1; node < end;)
        {
            int depth = trie.DepthOf(node);
            if (automaton.Step(_positions[depth - 1]!, trie.ByteOf(node)) is not { } next)
            {
                node = trie.EndOf(node);
                continue;
            }
            _positions[depth] = next;
            _others.AddRange(trie.TokensOf(node));
            node++;
        }
    }
}
