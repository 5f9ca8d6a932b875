namespace Sluice.Models.Templates.Statements;

/// <summary>`{% break %}` or `{% continue %}`.</summary>
internal sealed class JumpStatement(Flow flow) : Statement
{
    public override Flow Execute(Rendering rendering) => flow;
}
