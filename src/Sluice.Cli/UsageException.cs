namespace Sluice.Cli;

/// <summary>The command was asked for wrongly: one line that says what to write instead; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
