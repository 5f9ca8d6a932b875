namespace Sluice.Core.Errors;

/// <summary>
/// Something needs more memory than the budget has left. The message has the figures; giving memory back elsewhere helps.
/// </summary>
public sealed class MemoryExceededException(string message) : SluiceException(message);
