using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Expressions;

/// <summary>
/// A part of a template that gives a value. Immutable. Operators of one rank form one node with a list, not a chain of nodes, so the tree
/// is no deeper than the brackets in the source and evaluating it cannot exhaust the stack.
/// </summary>
internal abstract class Expression
{
    public abstract Value Evaluate(Rendering rendering);
}
