using Sluice.Models.Grammars.Automata;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>A point in an array.</summary>
internal sealed class ArrayNode : Node
{
    private readonly SchemaNodes _nodes;
    private readonly ArrayState _state;

    private ArrayNode(SchemaNodes nodes, ArrayState state)
    {
        _nodes = nodes;
        _state = state;
    }

    public static Node Make(SchemaNodes nodes, ArrayState state) => new ArrayNode(nodes, state);

    protected override Edge[] Expand()
    {
        var edges = new List<Edge>();
        if (_state.Phase != ArrayPhase.AfterComma && _state.Plan.CanClose(_state))
            edges.Add(Edge.Over(_nodes.ClosesArray, Return));
        if (_state.Phase == ArrayPhase.AfterItem)
        {
            if (_state.Plan.CanGrow(_state))
                edges.Add(Edge.Over(_nodes.SeparatesItems, _nodes.Once(_state with { Phase = ArrayPhase.AfterComma }, Make)));
            return [.. edges];
        }
        foreach (var (goal, next) in _state.Plan.Items(_state))
            edges.Add(Edge.Call(_nodes.Value(goal), _nodes.Once(next, Make)));
        return [.. edges];
    }
}
