using Sluice.Core.Errors;

namespace Sluice.Models.Templates;

/// <summary>A chat template that cannot be compiled, fails on this conversation, exceeds a limit, or refuses.</summary>
public sealed class TemplateException : SluiceException
{
    internal TemplateException(string problem, int line, int column, bool raisedByTemplate = false)
        : base($"chat template{Place(line, column)}: {OneLine(problem)}")
    {
        Problem = problem;
        Line = line;
        Column = column;
        RaisedByTemplate = raisedByTemplate;
    }

    /// <summary>What went wrong, without the place; for a refusal the template's own words.</summary>
    public string Problem { get; }

    /// <summary>Line in the template, from 1; 0 where the problem has no place in it.</summary>
    public int Line { get; }

    /// <summary>Column in UTF-16 units, from 1; 0 where the problem has no place in the template.</summary>
    public int Column { get; }

    /// <summary>The template refuses this conversation (raise_exception): the client's mistake, not the model's.</summary>
    public bool RaisedByTemplate { get; }

    private static string Place(int line, int column) => line > 0 ? $", line {line}, column {column}" : "";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
