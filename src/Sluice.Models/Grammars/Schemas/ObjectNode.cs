using Sluice.Models.Grammars.Automata;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>A point in an object.</summary>
internal sealed class ObjectNode : Node
{
    private readonly SchemaNodes _nodes;
    private readonly ObjectState _state;

    private ObjectNode(SchemaNodes nodes, ObjectState state)
    {
        _nodes = nodes;
        _state = state;
    }

    public static Node Make(SchemaNodes nodes, ObjectState state) => new ObjectNode(nodes, state);

    protected override Edge[] Expand() => _state.Phase switch
    {
        ObjectPhase.Opened => [.. Close(), .. Key()],
        ObjectPhase.AfterComma => [.. Key()],
        ObjectPhase.AfterKey => [Edge.Over(_nodes.SeparatesValue, To(_state with { Phase = ObjectPhase.AfterColon }))],
        ObjectPhase.AfterColon => [.. _state.Plan.Values(_state).Select(value => Edge.Call(_nodes.Value(value.Goal), To(value.Next)))],
        _ => [.. Close(), .. Comma()],
    };

    private IEnumerable<Edge> Close() => _state.Plan.CanClose(_state) ? [Edge.Over(_nodes.ClosesObject, Return)] : [];

    private IEnumerable<Edge> Comma() => _state.Plan.CanGrow(_state)
        ? [Edge.Over(_nodes.SeparatesItems, To(_state with { Phase = ObjectPhase.AfterComma }))] : [];

    private IEnumerable<Edge> Key() => _state.Plan.CanGrow(_state) ? [Edge.Over(_state.Plan.Keys(_nodes, _state), AfterKey)] : [];

    private Node? AfterKey(int keys) =>
        _state.Plan.Allows(_state, keys) ? To(_state with { Phase = ObjectPhase.AfterKey, Class = keys }) : null;

    private Node To(ObjectState state) => _nodes.Once(state, Make);
}
