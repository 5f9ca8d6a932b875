namespace Sluice.Models.Grammars.Automata;

/// <summary>A node whose edges are given; they may be given after it has been pointed to.</summary>
internal sealed class StaticNode(params Edge[] edges) : Node
{
    /// <summary>To be set before anybody asks.</summary>
    public Edge[] Given { get; set; } = edges;

    /// <summary>A body over and over, and then what follows it.</summary>
    /// <param name="most">Null for no limit.</param>
    /// <param name="body">The body with what it leads to; asked for once for each time that it may come.</param>
    /// <param name="create">Makes the nodes between.</param>
    public static Node Repeat(int least, int? most, Node then, Func<Node, Node> body, Func<StaticNode> create)
    {
        var next = then;
        if (most is null)
        {
            var loop = create();
            loop.Given = [Edge.To(then), Edge.To(body(loop))];
            next = loop;
        }
        for (int i = least; i < most; i++)
        {
            var choice = create();
            choice.Given = [Edge.To(then), Edge.To(body(next))];
            next = choice;
        }
        for (int i = 0; i < least; i++)
            next = body(next);
        return next;
    }

    protected override Edge[] Expand() => Given;
}
