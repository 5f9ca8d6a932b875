using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>A set of property names.</summary>
internal abstract record KeySet
{
    public static readonly KeySet All = new Except([]);

    /// <summary>One name.</summary>
    internal sealed record Named(string Name) : KeySet;

    /// <summary>The names in a set of texts.</summary>
    internal sealed record Matching(CharDfa Texts) : KeySet;

    /// <summary>The names that are in none of these.</summary>
    internal sealed record Except(IReadOnlyList<KeySet> Others) : KeySet;

    /// <summary>Whether it has a class of names, all of which it has or none.</summary>
    public bool Contains(KeyClass keys) => this switch
    {
        Named named => keys.Name == named.Name,
        Matching matching => keys.Matches.Contains(matching.Texts),
        Except except => !except.Others.Any(other => other.Contains(keys)),
        _ => false,
    };

    /// <summary>What classes must be told apart by.</summary>
    public void Collect(ISet<string> names, ISet<CharDfa> patterns)
    {
        switch (this)
        {
            case Named named: names.Add(named.Name); break;
            case Matching matching: patterns.Add(matching.Texts); break;
            case Except except:
                foreach (var other in except.Others)
                    other.Collect(names, patterns);
                break;
        }
    }
}
