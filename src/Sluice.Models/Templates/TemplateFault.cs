namespace Sluice.Models.Templates;

/// <summary>A failure that does not know its place; <see cref="ChatTemplate"/> turns it into a <see cref="TemplateException"/>.</summary>
internal sealed class TemplateFault(string problem, bool raisedByTemplate = false) : Exception(problem)
{
    public bool RaisedByTemplate { get; } = raisedByTemplate;
}
