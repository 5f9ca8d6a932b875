using Sluice.Models.Grammars.Automata;
using Sluice.Models.Grammars.Chars;
using Sluice.Models.Grammars.Masks;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>
/// The nodes of a JSON Schema: values, arrays and objects, made where the text gets to them. Between tokens of JSON there may be one space,
/// or a line's end and an indent.
/// </summary>
internal sealed class SchemaNodes
{
    private const int MaxNodes = 100_000;
    private const string Space = @"( |\n[ \t]{0,40})?";

    private static readonly CharDfa OpenArray = Text(@"\[" + Space);
    private static readonly CharDfa CloseArray = Text(Space + @"\]");
    private static readonly CharDfa OpenObject = Text(@"\{" + Space);
    private static readonly CharDfa CloseObject = Text(Space + @"\}");
    private static readonly CharDfa Comma = Text("," + Space);
    private static readonly CharDfa Colon = Text(":" + Space);

    private readonly LexemeMasks _lexemes;
    private readonly TextForm _strings;
    private readonly Dictionary<object, Node> _nodes = [];

    /// <param name="strings">How strings are written.</param>
    /// <exception cref="GrammarException">The schema is not one, is beyond what is supported, or no value satisfies it.</exception>
    public SchemaNodes(LexemeMasks lexemes, string schema, TextForm strings)
    {
        _lexemes = lexemes;
        _strings = strings;
        Shapes = Explored(schema);
        if (!Shapes.IsInhabited(Shapes.Root))
            throw new GrammarException("schema: no value satisfies it");
        Root = Value(Shapes.Root);
    }

    public Node Root { get; }

    public ShapeTable Shapes { get; }

    public Lexeme OpensArray => Plain(OpenArray);

    public Lexeme ClosesArray => Plain(CloseArray);

    public Lexeme OpensObject => Plain(OpenObject);

    public Lexeme ClosesObject => Plain(CloseObject);

    public Lexeme SeparatesItems => Plain(Comma);

    public Lexeme SeparatesValue => Plain(Colon);

    public Node Value(Goal goal) => Once(goal, static (all, goal) => new ValueNode(all, goal));

    /// <summary>The node of a state: the one there is already, or a new one.</summary>
    public Node Once<T>(T state, Func<SchemaNodes, T, Node> make) where T : notnull
    {
        if (_nodes.TryGetValue(state, out var known))
            return known;
        if (_nodes.Count == MaxNodes)
            _nodes.Clear(); // those in use stay with whom they are used by
        return _nodes[state] = make(this, state);
    }

    public Lexeme Plain(CharDfa chars) => _lexemes.Lexeme(chars, TextForm.Plain);

    public Lexeme String(CharDfa chars) => _lexemes.Lexeme(chars, _strings);

    /// <summary>The strings that a schema calls valid.</summary>
    /// <exception cref="GrammarException">The schema is not one, or is beyond what is supported.</exception>
    public static CharDfa Strings(string schema)
    {
        var shapes = Explored(schema);
        return shapes.ShapeOf(shapes.Root).Strings;
    }

    private static ShapeTable Explored(string schema)
    {
        var shapes = new ShapeTable(new SchemaDocument(schema));
        shapes.Explore();
        return shapes;
    }

    private static CharDfa Text(string regex) => CharNfa.Compile(RegexParser.Parse(regex));
}
