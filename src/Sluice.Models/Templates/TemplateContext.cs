using System.Text.Json;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates;

/// <summary>The variables of one rendering and the clock it reads. Fill it, then render; rendering does not change it.</summary>
/// <param name="clock">What strftime_now tells; the system's where left out.</param>
public sealed class TemplateContext(TimeProvider? clock = null)
{
    private readonly Dictionary<string, Value> _variables = [];

    internal TimeProvider Clock { get; } = clock ?? TimeProvider.System;

    /// <param name="variables">A JSON object: its keys become variables.</param>
    /// <exception cref="TemplateException">It is no object, or no template could use it.</exception>
    public static TemplateContext From(JsonElement variables, TimeProvider? clock = null)
    {
        if (variables.ValueKind != JsonValueKind.Object)
            throw new TemplateException($"the variables must be a JSON object, not {variables.ValueKind}", 0, 0);
        var context = new TemplateContext(clock);
        foreach ((Value name, Value value) in ((DictValue)Convert("variables", variables)).Entries)
            context._variables[((StringValue)name).Content] = value;
        return context;
    }

    /// <summary>Sets a variable to text; null is the language's none.</summary>
    public void Set(string name, string? text) => _variables[name] = text is null ? NoneValue.Instance : new StringValue(text);

    public void Set(string name, bool value) => _variables[name] = BooleanValue.Of(value);

    /// <exception cref="TemplateException">The JSON holds what is no text, or nests too deep.</exception>
    public void Set(string name, JsonElement value) => _variables[name] = Convert(name, value);

    internal void Set(string name, Value value) => _variables[name] = value;

    internal Value? Find(string name) => _variables.GetValueOrDefault(name);

    internal static Value Convert(string name, JsonElement json)
    {
        try
        {
            return JsonValue.From(json);
        }
        catch (TemplateFault fault)
        {
            throw new TemplateException($"{name}: {fault.Message}", 0, 0);
        }
    }
}
