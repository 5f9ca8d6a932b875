namespace Sluice.Cli.Streams;

/// <summary>Whoever read our output is gone; there is nothing left to do and nothing to say.</summary>
internal sealed class BrokenPipeException(IOException inner) : IOException("the reader of the output is gone", inner);
