using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Pipe.Shapes;

/// <summary>
/// Answers are texts of a grammar in llama.cpp's GBNF. Only a source that decodes by it can keep to it; nobody else reads it.
/// </summary>
public sealed class GrammarShape(string grammar) : IShape
{
    public bool IsJson => false;

    public void WriteFields(Utf8JsonWriter writer) => writer.WriteString("grammar"u8, grammar);

    /// <summary>What was decoded by the grammar is of it; an answer that ended early is told of as truncated.</summary>
    public string Fit(string answer, out string? problem)
    {
        problem = null;
        return answer;
    }

    public JsonObject? ToSchema() => null;
}
