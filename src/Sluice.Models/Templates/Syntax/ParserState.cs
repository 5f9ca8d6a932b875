using System.Runtime.CompilerServices;

namespace Sluice.Models.Templates.Syntax;

/// <summary>What the parsers of one template share.</summary>
internal sealed class ParserState(TemplateSource source, TemplateOptions options)
{
    private readonly Dictionary<string, int> _numbers = [];
    private int _depth;

    public TokenReader Tokens { get; } = new(source, Lexer.Read(source, options));

    /// <summary>The names of the template in the order of their numbers.</summary>
    public List<string> Names { get; } = [];

    /// <summary>Names read since the outermost macro around this place began, for what a macro may take depends on what it reads.</summary>
    public HashSet<string> NamesRead { get; private set; } = [];

    /// <summary>Whether a branch stands around this place: an unknown filter there may never be reached.</summary>
    public int Branches { get; set; }

    /// <summary>How many loops stand around this place within its macro.</summary>
    public int Loops { get; set; }

    public int Number(string name)
    {
        if (_numbers.TryGetValue(name, out int number))
            return number;
        _numbers.Add(name, Names.Count);
        Names.Add(name);
        return Names.Count - 1;
    }

    /// <summary>Collects the names that are read while parsing a macro's body; they count as read by what stands around it, too.</summary>
    public HashSet<string> CollectNames(Action parse)
    {
        HashSet<string> outer = NamesRead;
        int loops = Loops;
        (NamesRead, Loops) = ([], 0);
        parse();
        HashSet<string> inner = NamesRead;
        (NamesRead, Loops) = (outer, loops);
        NamesRead.UnionWith(inner);
        return inner;
    }

    /// <summary>Called on the way into every bracket, block and unary operator.</summary>
    public void Enter()
    {
        if (++_depth > options.MaxDepth)
            throw Tokens.Error($"blocks and brackets nest more than {options.MaxDepth} deep (limit MaxDepth)");
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Tokens.Error("blocks and brackets nest deeper than this thread's stack");
    }

    public void Leave() => _depth--;
}
