namespace Sluice.Cli.Pipes;

/// <summary>What standard error shows while a run goes on.</summary>
internal enum ProgressKind
{
    Auto,
    Json,
    None,
}
