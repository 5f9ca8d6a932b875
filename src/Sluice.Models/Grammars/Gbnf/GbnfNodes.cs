using Sluice.Models.Grammars.Automata;
using Sluice.Models.Grammars.Chars;
using Sluice.Models.Grammars.Masks;

namespace Sluice.Models.Grammars.Gbnf;

/// <summary>
/// Makes nodes of rules: stretches without recursion become lexemes, which masks know how to share; the rest becomes calls.
/// </summary>
internal sealed class GbnfNodes
{
    private const int MaxNodes = 100_000;

    private readonly LexemeMasks _lexemes;
    private readonly IReadOnlyDictionary<string, CharNode> _rules;
    private readonly HashSet<string> _recursive = [];
    private readonly Dictionary<string, StaticNode> _nodes = [];
    private readonly Dictionary<CharNode, Lexeme?> _stretches = new(ReferenceEqualityComparer.Instance);
    private int _count;

    /// <exception cref="GrammarException">A rule begins with itself, or the grammar is too large.</exception>
    public GbnfNodes(LexemeMasks lexemes, IReadOnlyDictionary<string, CharNode> rules)
    {
        _lexemes = lexemes;
        _rules = rules;
        var order = new RuleOrder(rules);
        order.RefuseLeftRecursion();
        _recursive = order.FindRecursive();
        Root = RuleNode("root");
    }

    public Node Root { get; }

    private StaticNode RuleNode(string name)
    {
        if (_nodes.TryGetValue(name, out var known))
            return known;
        var node = _nodes[name] = New();
        node.Given = [Edge.To(NodeOf(_rules[name], Node.Return))];
        return node;
    }

    private StaticNode New(params Edge[] edges)
    {
        if (++_count > MaxNodes)
            throw new GrammarException($"the grammar needs more than {MaxNodes} nodes: make its repeats smaller");
        return new StaticNode(edges);
    }

    private Node NodeOf(CharNode part, Node then)
    {
        if (Stretch(part) is { } lexeme)
            return New(Edge.Over(lexeme, then));
        return part switch
        {
            CharNode.Sequence sequence => SequenceOf(sequence.Parts, then),
            CharNode.Choice choice => New([.. choice.Options.Select(option => Edge.To(NodeOf(option, then)))]),
            CharNode.Repeat repeat => StaticNode.Repeat(repeat.Least, repeat.Most, then, next => NodeOf(repeat.Body, next), () => New()),
            CharNode.Rule rule => New(Edge.Call(RuleNode(rule.Name), then)),
            _ => throw new GrammarException("a character class of the grammar is empty"),
        };
    }

    /// <summary>Neighbours that are regular make one lexeme together.</summary>
    private Node SequenceOf(IReadOnlyList<CharNode> parts, Node then)
    {
        for (int end = parts.Count; end > 0;)
        {
            int start = end - 1;
            while (start > 0 && IsRegular(parts[start]) && IsRegular(parts[start - 1]))
                start--;
            CharNode part = parts[start];
            if (end - start > 1)
            {
                part = new CharNode.Sequence([.. parts.Skip(start).Take(end - start)]);
                if (Stretch(part) is null)
                    (start, part) = (end - 1, parts[end - 1]);
            }
            then = NodeOf(part, then);
            end = start;
        }
        return then;
    }

    /// <summary>The lexeme of a regular part; null where it is recursive, empty or too large for one.</summary>
    private Lexeme? Stretch(CharNode part)
    {
        if (_stretches.TryGetValue(part, out var known))
            return known;
        if (!IsRegular(part))
            return _stretches[part] = null;
        var chars = CharNfa.Compile(part, rules: name => _rules[name]);
        return _stretches[part] = chars.IsEmpty ? null : _lexemes.Lexeme(chars, TextForm.Plain);
    }

    private bool IsRegular(CharNode part) => part switch
    {
        CharNode.Sequence sequence => sequence.Parts.All(IsRegular),
        CharNode.Choice choice => choice.Options.All(IsRegular),
        CharNode.Repeat repeat => IsRegular(repeat.Body),
        CharNode.Rule rule => !_recursive.Contains(rule.Name),
        _ => true,
    };
}
