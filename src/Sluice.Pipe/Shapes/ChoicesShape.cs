using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Pipe.Shapes;

/// <summary>Answers are one of a few texts. Case and punctuation around them do not count; the answer comes out as it was given.</summary>
public sealed class ChoicesShape : IShape
{
    private const string Member = "answer";

    private readonly IReadOnlyList<string> _choices;
    private readonly SchemaShape? _wire;

    /// <param name="choices">At least one; all different.</param>
    /// <param name="asSchema">
    /// Whether the source is asked by a JSON schema, whose only member is the choice: what providers have. Else the prompt alone asks.
    /// </param>
    /// <exception cref="PipeException">There is none, one is empty, or one is there twice.</exception>
    public ChoicesShape(IReadOnlyList<string> choices, bool asSchema)
    {
        if (choices.Count == 0 || choices.Any(string.IsNullOrWhiteSpace))
            throw new PipeException(PipeFault.Usage, "choices are texts with commas between them; none may be empty");
        if (choices.GroupBy(choice => choice).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new PipeException(PipeFault.Usage, $"the choice '{twice.Key}' is there twice");
        _choices = choices;
        _wire = asSchema ? new SchemaShape(Schema(choices).ToJsonString()) : null;
    }

    public void WriteFields(Utf8JsonWriter writer) => _wire?.WriteFields(writer);

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

    private string Unwrap(string answer)
    {
        if (_wire is null)
            return answer;
        string json = _wire.Fit(answer, out string? problem);
        return problem is null ? JsonElement.Parse(json).GetProperty(Member).GetString()! : answer;
    }

    private static JsonObject Schema(IReadOnlyList<string> choices) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            [Member] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. choices.Select(choice => JsonValue.Create(choice))]) },
        },
        ["required"] = new JsonArray(JsonValue.Create(Member)),
        ["additionalProperties"] = false,
    };
}
