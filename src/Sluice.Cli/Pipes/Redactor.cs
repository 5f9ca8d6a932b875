namespace Sluice.Cli.Pipes;

/// <summary>Keeps keys out of whatever is written: sources like to quote them in their errors.</summary>
internal sealed class Redactor(IReadOnlyList<string> secrets)
{
    public const string Mark = "***";

    public string Clean(string text)
    {
        foreach (string secret in secrets)
            text = secret.Length == 0 ? text : text.Replace(secret, Mark, StringComparison.Ordinal);
        return text;
    }
}
