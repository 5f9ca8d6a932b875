using System.Collections;

namespace Sluice.Gateway.Configuration;

/// <summary>
/// What environment variables say in the place of a file: <c>SLUICE_LIMITS__QUEUE__WAIT=5s</c> is
/// <c>limits: { queue: { wait: 5s } }</c>. Steps are divided by two underscores; an entry of a list is found by its <c>name</c>, in capitals
/// and with _ for what a variable's name cannot have. A value is written as in the file. Checked with the file, as a part of it.
/// </summary>
/// <param name="known">The first steps; a variable that begins with none of them is somebody else's.</param>
internal sealed class EnvironmentLayer(YamlFile file, IReadOnlyCollection<string> known)
{
    private const string Prefix = "SLUICE_";
    private const string Divider = "__";
    private const string NameKey = "name";

    /// <summary>The tree with what the variables say.</summary>
    /// <param name="variables">Names and values of the environment.</param>
    /// <exception cref="ConfigException">A variable names nothing that there is, or its value cannot be read.</exception>
    public YamlNode Apply(YamlNode root, IDictionary variables)
    {
        IEnumerable<string> ours = variables.Keys.Cast<string>().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));
        foreach (string name in ours.Order(StringComparer.Ordinal)) // the whole before its parts
        {
            string[] steps = name[Prefix.Length..].Split(Divider);
            if (known.Contains(steps[0].ToLowerInvariant()) && variables[name] is string { Length: > 0 } value)
                root = Set(root, steps, file.ParseVariable(name, value));
        }
        return root;
    }

    private YamlNode Set(YamlNode node, ReadOnlySpan<string> steps, YamlNode value) => steps is []
        ? value
        : node switch
        {
            YamlMap map => SetKey(map, steps, value),
            YamlList list => SetItem(list, steps, value),
            _ => SetKey(new YamlMap(value.Line, []), steps, value),
        };

    private YamlMap SetKey(YamlMap map, ReadOnlySpan<string> steps, YamlNode value)
    {
        string key = steps[0].ToLowerInvariant();
        YamlEntry[] entries = [.. map.Entries];
        int at = Array.FindIndex(entries, entry => entry.Key == key);
        if (at < 0)
            return map with { Entries = [.. entries, new YamlEntry(key, value.Line, Set(new YamlMap(value.Line, []), steps[1..], value))] };
        entries[at] = new YamlEntry(key, steps.Length == 1 ? value.Line : entries[at].Line, Set(entries[at].Value, steps[1..], value));
        return map with { Entries = entries };
    }

    private YamlList SetItem(YamlList list, ReadOnlySpan<string> steps, YamlNode value)
    {
        string wanted = steps[0];
        YamlNode[] items = [.. list.Items];
        int at = Array.FindIndex(items, item => NameOf(item) is { } name && AsVariable(name) == wanted);
        if (at < 0)
        {
            string there = string.Join(", ", items.Select(NameOf).OfType<string>().Select(AsVariable));
            throw file.Error(value.Line, $"there is no entry {wanted}; there are {there}");
        }
        items[at] = Set(items[at], steps[1..], value);
        return list with { Items = items };
    }

    private static string? NameOf(YamlNode item) =>
        ((item as YamlMap)?.Entries.FirstOrDefault(entry => entry.Key == NameKey)?.Value as YamlScalar)?.Text;

    private static string AsVariable(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
}
