using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Statements;

/// <summary>A for; each pass has a scope of its own.</summary>
/// <param name="loop">Number of the name `loop`.</param>
internal sealed class ForStatement(ForParts parts, int loop, int offset) : Statement
{
    public override Flow Execute(Rendering rendering)
    {
        Value value = parts.Elements.Evaluate(rendering);
        Run(value, depth: 0, rendering.Scope, rendering);
        return Flow.Next;
    }

    /// <summary>What `loop(elements)` prints in a recursive loop.</summary>
    public string Recurse(Value value, int depth, Scope? scope, Rendering rendering)
    {
        rendering.Enter();
        Scope? outer = rendering.Scope;
        int start = rendering.Output.Length;
        Run(value, depth, scope, rendering);
        rendering.Scope = outer;
        rendering.Leave();
        return rendering.Output.Cut(start);
    }

    private void Run(Value value, int depth, Scope? scope, Rendering rendering)
    {
        rendering.At = offset;
        IEnumerable<Value> items = Sequence.Elements(value, rendering);
        int? length = parts.Condition is null ? value.Length : null;
        if (parts.Condition is not null)
            items = items.Where(item => Passes(item, scope, rendering));
        var state = new LoopValue(items, length, depth, parts.IsRecursive ? this : null, scope);
        bool completed = false;
        while (state.Advance() is { } item)
        {
            var pass = new Scope(scope);
            rendering.Scope = pass;
            parts.Target.Assign(item, rendering);
            pass.Set(loop, state);
            Flow flow = parts.Body.Execute(rendering);
            completed |= flow == Flow.Next;
            if (flow == Flow.Break)
                break;
        }
        rendering.Scope = scope;
        // As jinja2 has it: a pass that ends in break or continue does not count.
        if (!completed)
            parts.Otherwise?.ExecuteIn(new Scope(scope), rendering);
    }

    private bool Passes(Value item, Scope? scope, Rendering rendering)
    {
        Scope? outer = rendering.Scope;
        rendering.Scope = new Scope(scope);
        parts.Target.Assign(item, rendering);
        bool passes = parts.Condition!.Evaluate(rendering).IsTrue;
        rendering.Scope = outer;
        return passes;
    }
}
