namespace Sluice.Cli.Pipes;

/// <summary>What comes out for each record.</summary>
internal enum OutputFormat
{
    Text,
    JsonLines,
    Csv,
    Tsv,
}
