using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>The regular expressions of one schema, each compiled once.</summary>
internal sealed class SchemaPatterns
{
    // Together: what one schema may make a server compute has to end somewhere.
    private const int MaxStates = 200_000;

    private readonly Dictionary<string, CharDfa> _known = [];
    private int _states;

    /// <summary>The texts in which an expression is found.</summary>
    public CharDfa Of(string regex)
    {
        if (_known.TryGetValue(regex, out var known))
            return known;
        var found = CharNfa.Compile(RegexParser.Parse(regex), anywhere: true);
        _states += found.States;
        return _states <= MaxStates
            ? _known[regex] = found
            : throw new GrammarException($"schema: its patterns need more than {MaxStates} states together: make them simpler");
    }
}
