namespace Sluice.Models.Templates.Syntax;

/// <summary>A template's text with its newlines as \n and, as in jinja2, without its last one.</summary>
internal sealed class TemplateSource
{
    public TemplateSource(string text)
    {
        string normalised = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        Text = normalised.EndsWith('\n') ? normalised[..^1] : normalised;
    }

    public string Text { get; }

    public TemplateException Error(int offset, string problem, bool raisedByTemplate = false)
    {
        ReadOnlySpan<char> before = Text.AsSpan(0, Math.Min(offset, Text.Length));
        return new TemplateException(problem, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), raisedByTemplate);
    }
}
