using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Pipe.Shapes;

/// <summary>Answers are one of a few texts. Case and punctuation around them do not count; the answer comes out as it was given.</summary>
public sealed class ChoicesShape : IShape
{
    private const string Member = "answer";

    private readonly IReadOnlyList<string> _choices;
    private readonly SchemaShape? _wire;
    private readonly bool _guided;

    /// <param name="choices">At least one; all different.</param>
    /// <param name="form">By a schema the answer is an object whose only member is the choice.</param>
    /// <exception cref="PipeException">There is none, one is empty, or one is there twice.</exception>
    public ChoicesShape(IReadOnlyList<string> choices, WireForm form)
    {
        if (choices.Count == 0 || choices.Any(string.IsNullOrWhiteSpace))
            throw new PipeException(PipeFault.Usage, "choices are texts with commas between them; none may be empty");
        if (choices.GroupBy(choice => choice).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new PipeException(PipeFault.Usage, $"the choice '{twice.Key}' is there twice");
        _choices = choices;
        _guided = form == WireForm.Guided;
        _wire = form == WireForm.Schema ? new SchemaShape(Schema(choices).ToJsonString()) : null;
    }

    public bool IsJson => false;

    public void WriteFields(Utf8JsonWriter writer)
    {
        _wire?.WriteFields(writer);
        if (!_guided)
            return;
        writer.WriteStartArray("guided_choice"u8);
        foreach (string choice in _choices)
            writer.WriteStringValue(choice);
        writer.WriteEndArray();
    }

    public string Fit(string answer, out string? problem)
    {
        problem = null;
        string said = Unwrap(answer).Trim().Trim('.', '"', '\'', '*', '`', ' ');
        foreach (string choice in _choices)
        {
            if (string.Equals(choice, said, StringComparison.OrdinalIgnoreCase))
                return choice;
        }
        problem = $"'{answer}' is none of {string.Join(", ", _choices)}";
        return answer;
    }

    public JsonObject ToSchema() => SchemaOf(_choices);

    private string Unwrap(string answer)
    {
        if (_wire is null)
            return answer;
        string json = _wire.Fit(answer, out string? problem);
        return problem is null ? JsonElement.Parse(json).GetProperty(Member).GetString()! : answer;
    }

    private static JsonObject SchemaOf(IReadOnlyList<string> choices) => new()
    {
        ["type"] = "string", ["enum"] = new JsonArray([.. choices.Select(choice => JsonValue.Create(choice))]),
    };

    private static JsonObject Schema(IReadOnlyList<string> choices) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            [Member] = SchemaOf(choices),
        },
        ["required"] = new JsonArray(JsonValue.Create(Member)),
        ["additionalProperties"] = false,
    };
}
