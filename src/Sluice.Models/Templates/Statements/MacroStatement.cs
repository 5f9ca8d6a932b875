using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Statements;

/// <summary>`{% macro name(…) %}`.</summary>
internal sealed class MacroStatement(MacroSignature signature, int name, Block body) : Statement
{
    public override Flow Execute(Rendering rendering)
    {
        rendering.Set(name, new MacroValue(signature, body, rendering.Scope));
        return Flow.Next;
    }
}
