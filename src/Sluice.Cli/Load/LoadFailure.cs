namespace Sluice.Cli.Load;

/// <param name="Kind">By which failures are counted, such as <c>HTTP 429</c>.</param>
/// <param name="Message">One line, as the server or the network had it.</param>
internal sealed record LoadFailure(string Kind, string Message)
{
    /// <summary>The kind of what still ran when the run was broken off: nobody's fault.</summary>
    public const string Interrupted = "interrupted";
}
