using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sluice.Pipe.Shapes;

/// <summary>Answers match a regular expression as a whole.</summary>
public sealed class RegexShape : IShape
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly string _pattern;
    private readonly Regex _regex;
    private readonly bool _guided;

    /// <exception cref="PipeException">It is no regular expression.</exception>
    public RegexShape(string pattern, WireForm form)
    {
        _pattern = pattern;
        _guided = form == WireForm.Guided;
        try
        {
            _regex = new Regex($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, Timeout);
        }
        catch (ArgumentException e)
        {
            throw new PipeException(PipeFault.Usage, $"--regex: {e.Message}", e);
        }
    }

    public bool IsJson => false;

    public void WriteFields(Utf8JsonWriter writer)
    {
        // Providers have no field for it: there the prompt says what is wanted, and the answer is checked.
        if (_guided)
            writer.WriteString("guided_regex"u8, _pattern);
    }

    public string Fit(string answer, out string? problem)
    {
        try
        {
            problem = _regex.IsMatch(answer) ? null : $"'{answer}' does not match {_pattern}";
        }
        catch (RegexMatchTimeoutException)
        {
            problem = $"it takes more than {Timeout.TotalSeconds} s to match {_pattern}";
        }
        return answer;
    }

    // Of providers' strict schemas many know no pattern.
    public JsonObject ToSchema() => _guided
        ? new JsonObject { ["type"] = "string", ["pattern"] = $"^(?:{_pattern})$" }
        : new JsonObject { ["type"] = "string" };
}
