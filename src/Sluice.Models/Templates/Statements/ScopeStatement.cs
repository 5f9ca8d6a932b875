namespace Sluice.Models.Templates.Statements;

/// <summary>
/// A block that only limits what it sets: `{% generation %}`, which marks an assistant's words for training, and `{% block %}`, which no
/// other template can replace here.
/// </summary>
/// <param name="seesOuterScope">Whether it sees names set around it, or only the template's own.</param>
internal sealed class ScopeStatement(Block body, bool seesOuterScope) : Statement
{
    public override Flow Execute(Rendering rendering) =>
        body.ExecuteIn(new Scope(seesOuterScope ? rendering.Scope : null), rendering);
}
