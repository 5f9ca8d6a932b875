using System.Text.Json;

namespace Sluice.Models.Answers.Reading;

/// <summary>The tools of a request: their names, and what their arguments may be.</summary>
internal sealed class ToolSet
{
    private readonly Dictionary<string, JsonElement> _parameters = new(StringComparer.Ordinal);

    /// <param name="tools">In OpenAI's form; what has no name is left out.</param>
    public ToolSet(JsonElement? tools)
    {
        if (tools is not { ValueKind: JsonValueKind.Array } list)
            return;
        foreach (var tool in list.EnumerateArray())
        {
            if (ArgumentSchema.Member(tool, "function") is { } function
                && ArgumentSchema.Member(function, "name") is { ValueKind: JsonValueKind.String } name)
            {
                _parameters[name.GetString()!] = ArgumentSchema.Member(function, "parameters") ?? default;
            }
        }
    }

    public bool Any => _parameters.Count > 0;

    public bool Has(string name) => _parameters.ContainsKey(name);

    /// <summary>The tools of that name, or all.</summary>
    public IEnumerable<(string Name, JsonElement Parameters)> Named(string? name) =>
        _parameters.Where(tool => name is null || tool.Key == name).Select(tool => (tool.Key, tool.Value));

    /// <summary>What an argument may be; anything where nothing is said.</summary>
    public ArgumentSchema Argument(string tool, string key) =>
        new ArgumentSchema(_parameters.GetValueOrDefault(tool)).Property(key);
}
