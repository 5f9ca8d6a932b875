using Sluice.Models.Grammars.Automata;
using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Schemas;

/// <summary>Where a value begins that must satisfy a goal.</summary>
internal sealed class ValueNode(SchemaNodes nodes, Goal goal) : Node
{
    protected override Edge[] Expand()
    {
        var shape = nodes.Shapes.ShapeOf(goal);
        var edges = new List<Edge>();
        var words = CharSets.Union(CharSets.Of(shape.Words), shape.Numbers);
        if (!words.IsEmpty)
            edges.Add(Edge.Over(nodes.Plain(words), Return));
        if (!shape.Strings.IsEmpty)
            edges.Add(Edge.Over(nodes.String(shape.Strings), Return));
        foreach (var array in shape.Arrays.Where(array => array.IsInhabited(nodes.Shapes.IsInhabited)))
        {
            var plan = new ArrayPlan(nodes.Shapes, array);
            var start = new ArrayState(plan, ArrayPhase.Opened, 0, UInt128.Zero, UInt128.Zero);
            if (plan.CanFinish(start))
                edges.Add(Edge.Over(nodes.OpensArray, nodes.Once(start, ArrayNode.Make)));
        }
        foreach (var one in shape.Objects.Where(one => one.IsInhabited(nodes.Shapes.IsInhabited)))
        {
            var plan = new ObjectPlan(nodes.Shapes, one);
            var start = new ObjectState(plan, ObjectPhase.Opened, UInt128.Zero, UInt128.Zero, 0);
            if (plan.CanFinish(start))
                edges.Add(Edge.Over(nodes.OpensObject, nodes.Once(start, ObjectNode.Make)));
        }
        return [.. edges];
    }
}
