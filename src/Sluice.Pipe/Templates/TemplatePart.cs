using Sluice.Pipe.Records;

namespace Sluice.Pipe.Templates;

/// <summary>A piece of a template: text as it is, or a part of the record.</summary>
/// <param name="Literal">Text as it is; null for a part of the record.</param>
/// <param name="Part">What to take of the record.</param>
/// <param name="Source">As it stands in the template, for messages.</param>
internal sealed record TemplatePart(string? Literal, Func<Record, string?>? Part, string Source)
{
    /// <summary>The column that a named part wants; null for any other.</summary>
    public string? Field { get; init; }

    public static TemplatePart Text(string text) => new(text, null, text);
}
