using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Gbnf;

/// <summary>Which rules come back to themselves, and how.</summary>
internal sealed class RuleOrder(IReadOnlyDictionary<string, CharNode> rules)
{
    private const int MaxChain = 500;

    /// <summary>Rules that lead to a recursion, their own or another's.</summary>
    public HashSet<string> FindRecursive()
    {
        // What can be taken apart to nothing is not recursive: rules all of whose rules are settled, again and again.
        var uses = rules.ToDictionary(rule => rule.Key, rule => Uses(rule.Value).ToHashSet());
        var settled = new HashSet<string>();
        while (true)
        {
            var more = uses.Where(rule => !settled.Contains(rule.Key) && rule.Value.IsSubsetOf(settled)).Select(rule => rule.Key).ToList();
            if (more.Count == 0)
                return [.. rules.Keys.Except(settled)];
            settled.UnionWith(more);
        }
    }

    /// <exception cref="GrammarException">Some rule can begin with itself.</exception>
    public void RefuseLeftRecursion()
    {
        var nullable = FindNullable();
        var done = new HashSet<string>();
        foreach (string rule in rules.Keys)
            Follow(rule, nullable, [], done);
    }

    private void Follow(string rule, HashSet<string> nullable, List<string> chain, HashSet<string> done)
    {
        if (chain.Contains(rule))
            throw new GrammarException($"grammar: rule {rule} begins with itself (left recursion): write it as a repeat");
        if (chain.Count == MaxChain)
            throw new GrammarException($"grammar: a chain of more than {MaxChain} rules");
        if (done.Contains(rule))
            return;
        chain.Add(rule);
        foreach (string first in Firsts(rules[rule], nullable))
            Follow(first, nullable, chain, done);
        chain.RemoveAt(chain.Count - 1);
        done.Add(rule);
    }

    private HashSet<string> FindNullable()
    {
        var nullable = new HashSet<string>();
        while (true)
        {
            var more = rules.Where(rule => !nullable.Contains(rule.Key) && IsNullable(rule.Value, nullable)).Select(rule => rule.Key).ToList();
            if (more.Count == 0)
                return nullable;
            nullable.UnionWith(more);
        }
    }

    private static bool IsNullable(CharNode node, HashSet<string> nullable) => node switch
    {
        CharNode.Sequence sequence => sequence.Parts.All(part => IsNullable(part, nullable)),
        CharNode.Choice choice => choice.Options.Any(option => IsNullable(option, nullable)),
        CharNode.Repeat repeat => repeat.Least == 0 || IsNullable(repeat.Body, nullable),
        CharNode.Rule rule => nullable.Contains(rule.Name),
        _ => false,
    };

    private static IEnumerable<string> Uses(CharNode node) => node switch
    {
        CharNode.Sequence sequence => sequence.Parts.SelectMany(Uses),
        CharNode.Choice choice => choice.Options.SelectMany(Uses),
        CharNode.Repeat repeat => Uses(repeat.Body),
        CharNode.Rule rule => [rule.Name],
        _ => [],
    };

    /// <summary>The rules that a part can begin with.</summary>
    private static IEnumerable<string> Firsts(CharNode node, HashSet<string> nullable)
    {
        switch (node)
        {
            case CharNode.Rule rule:
                return [rule.Name];
            case CharNode.Choice choice:
                return choice.Options.SelectMany(option => Firsts(option, nullable));
            case CharNode.Repeat repeat:
                return Firsts(repeat.Body, nullable);
            case CharNode.Sequence sequence:
                var firsts = new List<string>();
                foreach (var part in sequence.Parts)
                {
                    firsts.AddRange(Firsts(part, nullable));
                    if (!IsNullable(part, nullable))
                        break;
                }
                return firsts;
            default:
                return [];
        }
    }
}
