namespace Sluice.Cli.Pipes;

/// <summary>Keeps a key out of whatever is written: sources like to quote it in their errors.</summary>
internal sealed class Redactor(string? key)
{
    public const string Mark = "***";

    public string Clean(string text) => string.IsNullOrEmpty(key) ? text : text.Replace(key, Mark, StringComparison.Ordinal);
}
