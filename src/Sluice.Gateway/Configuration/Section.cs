using System.Globalization;

namespace Sluice.Gateway.Configuration;

/// <summary>
/// One mapping of the file with the keys that may stand in it. Whatever else stands there is an error, said with its line and the list of
/// known keys; so is a value of the wrong type or out of its range.
/// </summary>
internal sealed class Section
{
    private readonly YamlMap _map;
    private readonly YamlFile _file;
    private readonly string[] _known;

    /// <param name="name">How messages call it, such as <c>pools[0].retry</c>.</param>
    /// <param name="known">Keys that may stand in it.</param>
    /// <param name="absent">Keys of the contract whose part is not built, each with what to do instead.</param>
    public Section(YamlFile file, YamlNode node, string name, string[] known, params (string Key, string Reason)[] absent)
    {
        (_file, _known, Name) = (file, known, name);
        _map = node as YamlMap ?? throw file.Error(node.Line, $"{name} is a mapping of {List(known)}, not {node.Kind}");
        foreach (YamlEntry entry in _map.Entries.Where(entry => !known.Contains(entry.Key)))
        {
            string? reason = absent.FirstOrDefault(part => part.Key == entry.Key).Reason;
            throw file.Error(entry.Line, reason is null
                ? $"{name} has no key '{entry.Key}'; known keys: {List(known)}"
                : $"'{entry.Key}' in {name} is not built yet: {reason}");
        }
    }

    public string Name { get; }

    public int Line => _map.Line;

    /// <summary>Of the file, for what it names by relative paths.</summary>
    public string Folder => _file.Folder;

    /// <summary>The same for the same content, wherever it stands.</summary>
    public string Canonical => _map.Canonical;

    public bool Has(string key) => Find(key) is not null;

    public bool IsMapping(string key) => Find(key) is YamlMap;

    public int LineOf(string key) => _map.Entries.FirstOrDefault(entry => entry.Key == key)?.Line ?? Line;

    public ConfigException Error(string key, string problem) => _file.Error(LineOf(key), $"{Name}.{key}: {problem}");

    public string RequireText(string key) => FindText(key) ?? throw _file.Error(Line, $"{Name} needs '{key}'");

    public string? FindText(string key) => Find(key) switch
    {
        null => null,
        YamlScalar { Text.Length: > 0 } scalar => scalar.Text,
        var other => throw Error(key, $"this is a single value, not {other.Kind}"),
    };

    public bool? FindFlag(string key) => FindText(key) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var other => throw Error(key, $"true or false, not '{other}'"),
    };

    public int? FindInteger(string key, int least, int most) => FindText(key) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw Error(key, $"a whole number from {least} to {most}, not '{text}'");

    public double? FindNumber(string key, double least, double most) => FindText(key) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most
            ? value
            : throw Error(key, $"a number from {least} to {most}, not '{text}'");

    public TimeSpan? FindDuration(string key) => FindText(key) is not { } text ? null
        : Quantity.TryParseDuration(text, out TimeSpan value)
            ? value
            : throw Error(key, $"a time such as 250ms, 60s, 10m or 24h (at most 30d), not '{text}'");

    public long? FindBytes(string key) => FindText(key) is not { } text ? null
        : Quantity.TryParseBytes(text, out long value) ? value : throw Error(key, $"a size such as 256MB or 2GB, not '{text}'");

    public double? FindShare(string key) => FindText(key) is not { } text ? null
        : Quantity.TryParseShare(text, out double value) ? value : throw Error(key, $"a share from 0% to 100%, not '{text}'");

    public T? FindChoice<T>(string key, IReadOnlyDictionary<string, T> choices) where T : struct => FindText(key) is not { } text ? null
        : choices.TryGetValue(text, out T value) ? value : throw Error(key, $"one of {List(choices.Keys)}, not '{text}'");

    /// <summary>
    /// The secret a key names by its origin, read now: a missing variable or file is an error of the configuration, not of a later
    /// request.
    /// </summary>
    public Secret? FindSecret(string key)
    {
        if (FindText(key) is not { } origin)
            return null;
        (string? value, string? file) = origin.Split(':', 2) switch
        {
            ["env", var name] => (Environment.GetEnvironmentVariable(name), null),
            ["file", var path] => (ReadFile(key, path).Trim(), Path.Combine(_file.Folder, path)),
            _ => throw Error(key, $"secrets are written as {Secret.Form}, never as they are"),
        };
        return string.IsNullOrEmpty(value) ? throw Error(key, $"there is nothing in {origin}") : new Secret(origin, value, file);
    }

    public IReadOnlyList<string> FindTexts(string key) =>
        [.. Items(key).Select(item => item is YamlScalar { Text.Length: > 0 } text ? text.Text : throw _file.Error(
            item.Line, $"{Name}.{key} is a list of single values; one of them is {item.Kind}"))];

    /// <summary>The sections of a list of mappings; none where the key is absent.</summary>
    public IReadOnlyList<Section> FindSections(string key, string[] known, params (string Key, string Reason)[] absent) =>
        [.. Items(key).Select((item, index) => new Section(_file, item, $"{Prefix(key)}[{index}]", known, absent))];

    public Section? FindSection(string key, string[] known, params (string Key, string Reason)[] absent) =>
        Find(key) is { } node ? new Section(_file, node, Prefix(key), known, absent) : null;

    /// <summary>The names that a mapping defines, as the section that has those for keys; null where the key is absent.</summary>
    public (Section Section, IReadOnlyList<string> Names)? FindNamed(string key)
    {
        if (Find(key) is not { } node)
            return null;
        string[] names = node is YamlMap map ? [.. map.Entries.Select(entry => entry.Key)] : [];
        return (new Section(_file, node, Prefix(key), names), names);
    }

    /// <summary>The same mapping once it is known what it is about.</summary>
    public Section Narrow(string[] known, params (string Key, string Reason)[] absent) => new(_file, _map, Name, known, absent);

    private static string List(IEnumerable<string> names) => string.Join(", ", names);

    private string Prefix(string key) => Name == GatewayConfigReader.Root ? key : $"{Name}.{key}";

    private string ReadFile(string key, string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(_file.Folder, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Error(key, $"the file cannot be read: {e.Message}");
        }
    }

    private YamlNode? Find(string key)
    {
        System.Diagnostics.Debug.Assert(_known.Contains(key), $"'{key}' is read but not among the known keys of {Name}");
        return _map.Entries.FirstOrDefault(entry => entry.Key == key)?.Value;
    }

    private IReadOnlyList<YamlNode> Items(string key) => Find(key) switch
    {
        null => [],
        YamlList list => list.Items,
        var other => throw Error(key, $"this is a list, not {other.Kind}"),
    };
}
