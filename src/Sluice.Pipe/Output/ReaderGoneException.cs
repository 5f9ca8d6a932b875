namespace Sluice.Pipe.Output;

/// <summary>Nobody reads the output any more; there is nothing left to do and nothing to say.</summary>
public sealed class ReaderGoneException(Exception inner) : Exception("the reader of the output is gone", inner);
