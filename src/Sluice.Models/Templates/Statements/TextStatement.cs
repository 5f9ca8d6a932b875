namespace Sluice.Models.Templates.Statements;

/// <summary>Text outside of tags.</summary>
internal sealed class TextStatement(string text) : Statement
{
    public override Flow Execute(Rendering rendering)
    {
        rendering.Output.Append(text);
        return Flow.Next;
    }
}
