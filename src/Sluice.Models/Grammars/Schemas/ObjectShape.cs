using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>One way for a value to be an object.</summary>
internal sealed class ObjectShape
{
    /// <summary>Needs, and names that are told apart, at the most.</summary>
    public const int MaxMarks = 128;

    private readonly List<MemberRule> _rules;
    private readonly List<CharDfa> _nameSets;
    private readonly CharDfa[] _patterns;
    private readonly string[] _names;
    private KeyClass[]? _classes;

    public ObjectShape(Clause clause)
    {
        _rules = clause.Members;
        _nameSets = clause.Names;
        Needs = [.. clause.Needs.Distinct()];
        if (Needs.Count > MaxMarks)
            throw new GrammarException($"schema: more than {MaxMarks} properties are required of one object");
        (Least, Most) = (clause.MinProperties, clause.MaxProperties);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var patterns = new HashSet<CharDfa>(_nameSets);
        foreach (var rule in _rules.Concat(Needs))
            rule.Keys.Collect(names, patterns);
        _names = [.. names];
        _patterns = [.. patterns];
    }

    public IReadOnlyList<MemberRule> Needs { get; }

    public int Least { get; }

    public int? Most { get; }

    /// <summary>The classes of names that its rules tell apart and allow.</summary>
    public IReadOnlyList<KeyClass> Classes => _classes ??= [.. FindClasses().Where(IsAllowed)];

    /// <summary>What the value of every property of a class must satisfy.</summary>
    public IEnumerable<Literal> Of(KeyClass keys) => _rules.Where(rule => rule.Keys.Contains(keys)).Select(rule => rule.Literal);

    /// <summary>What the values of single properties must satisfy, those that are needed among them.</summary>
    public IEnumerable<IEnumerable<Literal>> Parts => Classes.SelectMany(keys => Needs.Where(need => need.Keys.Contains(keys))
        .Select(IEnumerable<Literal> (need) => [.. Of(keys), need.Literal]).Append(Of(keys)));

    /// <summary>Whether some object has it.</summary>
    /// <param name="inhabited">Whether some value satisfies all of these.</param>
    public bool IsInhabited(Func<IEnumerable<Literal>, bool> inhabited)
    {
        if (Least > (Most ?? int.MaxValue))
            return false;
        var usable = Classes.Where(keys => inhabited(Of(keys))).ToList();
        if (Least > 0 && usable.TrueForAll(keys => keys.Name is not null) && usable.Count < Least)
            return false;
        int needed = Needs.Select(need => need.Keys).OfType<KeySet.Named>().Distinct().Count();
        if (needed > (Most ?? int.MaxValue) || (Needs.Count > 0 && Most == 0))
            return false;
        return Needs.All(need => usable.Exists(keys => need.Keys.Contains(keys) && inhabited([.. Of(keys), need.Literal])));
    }

    /// <summary>The names of some classes, each tagged with its class's place.</summary>
    public CharDfa Keys(IReadOnlyList<KeyClass> classes)
    {
        var places = new Dictionary<string, int>();
        var others = new Dictionary<string, int>();
        for (int c = 0; c < classes.Count; c++)
        {
            if (classes[c].Name is { } name)
                places[name] = c;
            else
                others[Key(_patterns.Select(classes[c].Matches.Contains))] = c;
        }
        if (others.Count == 0)
            return CharSets.Product([CharSets.Tagged(_names)], tags => tags[0] >= 0 ? places.GetValueOrDefault(_names[tags[0]], -1) : -1);
        return CharSets.Product([CharSets.Tagged(_names), CharSets.Any, .. _patterns], tags => tags[0] >= 0
            ? places.GetValueOrDefault(_names[tags[0]], CharDfa.Rejects)
            : others.GetValueOrDefault(Key(tags.Skip(2).Select(tag => tag >= 0)), CharDfa.Rejects));
    }

    private bool IsAllowed(KeyClass keys) => _nameSets.TrueForAll(keys.Matches.Contains);

    private IEnumerable<KeyClass> FindClasses()
    {
        foreach (string name in _names)
            yield return new KeyClass(name, _patterns.Where(pattern => pattern.Accepts(name)).ToHashSet());
        if (_patterns.Length == 0)
        {
            yield return new KeyClass(null, new HashSet<CharDfa>());
            yield break;
        }
        // Which patterns can match together, the names with rules of their own left out.
        var found = new Dictionary<string, KeyClass>();
        CharSets.Product([CharSets.Any, .. _patterns, CharSets.Of(_names)], tags =>
        {
            if (tags[^1] >= 0)
                return CharDfa.Rejects;
            var matches = _patterns.Where((_, p) => tags[p + 1] >= 0).ToHashSet();
            found.TryAdd(Key(_patterns.Select(matches.Contains)), new KeyClass(null, matches));
            return 0;
        });
        foreach (var keys in found.Values)
            yield return keys;
    }

    private static string Key(IEnumerable<bool> matches) => string.Concat(matches.Select(match => match ? '1' : '0'));
}
