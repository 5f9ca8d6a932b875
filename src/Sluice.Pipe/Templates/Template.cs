using System.Globalization;
using System.Text;
using Sluice.Pipe.Records;

namespace Sluice.Pipe.Templates;

/// <summary>
/// A prompt with places: <c>{{name}}</c> for a variable, filled once; <c>{}</c>, <c>{.field}</c>, <c>{1}</c> and <c>{#}</c> for the
/// record, its field, its n-th part and its number. Any other braces are text. What is filled in is never searched for places again.
/// Immutable.
/// </summary>
public sealed class Template
{
    private readonly IReadOnlyList<TemplatePart> _parts;

    private Template(IReadOnlyList<TemplatePart> parts) => _parts = parts;

    /// <summary>Whether it has a place for anything of the record.</summary>
    public bool NamesRecord => _parts.Any(part => part.Part is not null);

    /// <param name="variables">Null for none.</param>
    /// <exception cref="PipeException">It names a variable that has no value.</exception>
    public static Template Parse(string text, IReadOnlyDictionary<string, string>? variables = null)
    {
        var parts = new List<TemplatePart>();
        var literal = new StringBuilder();
        for (int at = 0; at < text.Length;)
        {
            if (VariableAt(text, at) is { } variable)
            {
                if (variables is null || !variables.TryGetValue(variable.Trim(), out string? value))
                {
                    throw new PipeException(PipeFault.Usage,
                        $"the prompt names the variable {{{{{variable.Trim()}}}}}, which has no value: add -v {variable.Trim()}=VALUE");
                }
                literal.Append(value);
                at += variable.Length + 4;
            }
            else if (PlaceAt(text, at) is { } place)
            {
                if (literal.Length > 0)
                    parts.Add(TemplatePart.Text(literal.ToString()));
                literal.Clear();
                parts.Add(place);
                at += place.Source.Length;
            }
            else
            {
                literal.Append(text[at++]);
            }
        }
        if (literal.Length > 0 || parts.Count == 0)
            parts.Add(TemplatePart.Text(literal.ToString()));
        return new Template(parts);
    }

    /// <summary>A template that is one place, such as <c>.field</c> or <c>2</c>: what <c>-k</c> takes.</summary>
    /// <exception cref="PipeException">It is neither a field nor a number.</exception>
    public static Template ParseKey(string key) =>
        PlaceAt($"{{{key}}}", 0) is { } place && place.Source.Length == key.Length + 2
            ? new Template([place])
            : throw new PipeException(PipeFault.Usage, $"-k takes .FIELD or the number of a column, not '{key}'");

    /// <exception cref="PipeException">It names a column that the input does not have.</exception>
    public void CheckColumns(IReadOnlyList<string> columns)
    {
        foreach (TemplatePart part in _parts)
        {
            if (part.Field is { } field && !columns.Contains(field))
            {
                throw new PipeException(PipeFault.Usage,
                    $"{part.Source}: the input has no such column; it has {string.Join(", ", columns)}");
            }
        }
    }

    /// <exception cref="PipeException">It names fields, which records of such a format do not have.</exception>
    public void CheckFormat(RecordFormat format)
    {
        bool hasNames = format is RecordFormat.JsonLines or RecordFormat.Csv or RecordFormat.Tsv;
        if (!hasNames && _parts.FirstOrDefault(part => part.Field is not null) is { } named)
        {
            throw new PipeException(PipeFault.Usage,
                $"{named.Source}: only jsonl, csv and tsv records have fields by name: add -i jsonl, csv or tsv");
        }
    }

    /// <summary>The text for one record.</summary>
    /// <param name="missing">The place that the record has nothing for; null where all are filled.</param>
    public string Fill(Record record, out string? missing)
    {
        missing = null;
        if (_parts is [{ Literal: { } whole }])
            return whole;
        var text = new StringBuilder();
        foreach (TemplatePart part in _parts)
        {
            string? piece = part.Literal ?? part.Part!(record);
            if (piece is null)
                missing = part.Source;
            text.Append(piece);
        }
        return text.ToString();
    }

    private static string? VariableAt(string text, int at)
    {
        if (string.CompareOrdinal(text, at, "{{", 0, 2) != 0)
            return null;
        int end = text.IndexOf("}}", at + 2, StringComparison.Ordinal);
        if (end < 0)
            return null;
        string name = text[(at + 2)..end];
        return name.Trim() is { Length: > 0 } trimmed && trimmed.All(c => char.IsLetterOrDigit(c) || c is '_' or '-') ? name : null;
    }

    private static TemplatePart? PlaceAt(string text, int at)
    {
        int end = text[at] == '{' ? text.IndexOf('}', at) : -1;
        if (end < 0)
            return null;
        string source = text[at..(end + 1)], inner = source[1..^1];
        if (inner.Length == 0)
            return new TemplatePart(null, record => record.Text, source);
        if (inner == "#")
            return new TemplatePart(null, record => record.Number.ToString(CultureInfo.InvariantCulture), source);
        if (int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0)
            return new TemplatePart(null, record => record.Fields?.Find(number), source);
        string field = inner[1..];
        return inner[0] == '.' && field.Length > 0 && !field.Contains('{', StringComparison.Ordinal)
            ? new TemplatePart(null, record => record.Fields?.Find(field), source) { Field = field }
            : null;
    }
}
