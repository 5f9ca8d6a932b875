using Sluice.Models.Templates.Expressions;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Statements;

/// <summary>`{% for target in elements if condition recursive %}…{% else %}…{% endfor %}`; each pass has a scope of its own.</summary>
/// <param name="loop">Number of the name `loop`.</param>
internal sealed class ForStatement(
    Target target, Expression elements, Expression? condition, bool isRecursive, Block body, Block? otherwise, int loop, int offset) : Statement
{
    public override Flow Execute(Rendering rendering)
    {
        Value value = elements.Evaluate(rendering);
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
        int? length = condition is null ? value.Length : null;
        if (condition is not null)
            items = items.Where(item => Passes(item, scope, rendering));
        var state = new LoopValue(items, length, depth, isRecursive ? this : null, scope);
        while (state.Advance() is { } item)
        {
            var pass = new Scope(scope);
            rendering.Scope = pass;
            target.Assign(item, rendering);
            pass.Set(loop, state);
            if (body.Execute(rendering) == Flow.Break)
                break;
        }
        rendering.Scope = scope;
        if (!state.HasStarted)
            otherwise?.ExecuteIn(new Scope(scope), rendering);
    }

    private bool Passes(Value item, Scope? scope, Rendering rendering)
    {
        Scope? outer = rendering.Scope;
        rendering.Scope = new Scope(scope);
        target.Assign(item, rendering);
        bool passes = condition!.Evaluate(rendering).IsTrue;
        rendering.Scope = outer;
        return passes;
    }
}
