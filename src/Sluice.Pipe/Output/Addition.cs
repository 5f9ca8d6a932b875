using System.Globalization;

namespace Sluice.Pipe.Output;

/// <summary>A value that is written into the record.</summary>
/// <param name="Name">The column or member it becomes.</param>
/// <param name="Value">Which value.</param>
public sealed record Addition(string Name, AddedValue Value)
{
    /// <param name="instead">What stands for an answer that is not there.</param>
    internal string Text(Outcome outcome, string instead) => Value switch
    {
        AddedValue.Status => outcome.Status,
        AddedValue.Probability => outcome.Answer?.Probability?.ToString("0.####", CultureInfo.InvariantCulture) ?? "",
        _ => outcome.Kind == OutcomeKind.Failed ? instead : outcome.Answer?.Text ?? "",
    };
}
