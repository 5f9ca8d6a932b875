namespace Sluice.Core.Errors;

/// <summary>A sound model of a kind that this build does not run. The message says what it has that is not supported.</summary>
public sealed class UnsupportedModelException(string file, string problem) : ModelFileException(file, problem);
