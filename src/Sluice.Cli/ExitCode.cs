namespace Sluice.Cli;

/// <summary>What the process tells its caller; part of the command line's contract.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    /// <summary>Of the pipe: its budget, its deadline or its failures ended it.</summary>
    public const int Stopped = 3;

    /// <summary>Of the pipe: its input cannot be read.</summary>
    public const int InputUnreadable = 4;

    public const int Interrupted = 130;
}
