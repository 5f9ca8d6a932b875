namespace Sluice.Models.Templates.Statements;

/// <summary>Statements one after the other.</summary>
internal sealed class Block(Statement[] statements)
{
    public Flow Execute(Rendering rendering)
    {
        foreach (Statement statement in statements)
        {
            rendering.Meter.Step();
            Flow flow = statement.Execute(rendering);
            if (flow != Flow.Next)
                return flow;
        }
        return Flow.Next;
    }

    /// <summary>Executes in a scope of its own below the given one: what it sets ends with it.</summary>
    public Flow ExecuteIn(Scope scope, Rendering rendering)
    {
        Scope? outer = rendering.Scope;
        rendering.Scope = scope;
        Flow flow = Execute(rendering);
        rendering.Scope = outer;
        return flow;
    }

    /// <summary>Executes in a scope of its own and takes what was written as text.</summary>
    public Flow Capture(Scope scope, Rendering rendering, out string text)
    {
        int start = rendering.Output.Length;
        Flow flow = ExecuteIn(scope, rendering);
        text = rendering.Output.Cut(start);
        return flow;
    }
}
