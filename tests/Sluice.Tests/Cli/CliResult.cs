namespace Sluice.Tests.Cli;

/// <summary>What a finished process left.</summary>
internal sealed record CliResult(int Code, string Output, string Error);
