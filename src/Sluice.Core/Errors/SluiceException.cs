namespace Sluice.Core.Errors;

/// <summary>A fault that an operator can act on: <see cref="Exception.Message"/> is one line that says what was wrong, where, and what to do next.</summary>
public class SluiceException : Exception
{
    public SluiceException(string message) : base(message) { }

    public SluiceException(string message, Exception inner) : base(message, inner) { }
}
