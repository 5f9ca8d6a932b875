namespace Sluice.Pipe;

/// <summary>The run cannot begin or go on: one line that says why and what to do.</summary>
/// <param name="fault">Whose fault it is; the command line makes an exit code of it.</param>
public sealed class PipeException(PipeFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public PipeFault Fault { get; } = fault;
}
