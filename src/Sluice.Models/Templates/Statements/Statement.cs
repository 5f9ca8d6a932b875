namespace Sluice.Models.Templates.Statements;

/// <summary>A part of a template that writes text or sets names. Immutable.</summary>
internal abstract class Statement
{
    public abstract Flow Execute(Rendering rendering);
}
