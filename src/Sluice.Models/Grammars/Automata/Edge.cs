namespace Sluice.Models.Grammars.Automata;

/// <summary>A way from a node to the next: over a lexeme, through another node's language, or over nothing.</summary>
internal sealed class Edge
{
    private readonly Func<int, Node?>? _after;
    private readonly Node? _then;

    private Edge(Lexeme? lexeme, Node? callee, Node? then, Func<int, Node?>? after)
    {
        Lexeme = lexeme;
        Callee = callee;
        _then = then;
        _after = after;
    }

    /// <summary>What must come; null on the other kinds.</summary>
    public Lexeme? Lexeme { get; }

    /// <summary>Whose language must come; null on the other kinds.</summary>
    public Node? Callee { get; }

    public static Edge Over(Lexeme lexeme, Node then) => new(lexeme, null, then, null);

    /// <param name="after">The next node by what the lexeme accepted; null where that is not allowed after all.</param>
    public static Edge Over(Lexeme lexeme, Func<int, Node?> after) => new(lexeme, null, null, after);

    public static Edge Call(Node callee, Node then) => new(null, callee, then, null);

    public static Edge To(Node then) => new(null, null, then, null);

    public Node? Then(int tag) => _after is null ? _then : _after(tag);
}
