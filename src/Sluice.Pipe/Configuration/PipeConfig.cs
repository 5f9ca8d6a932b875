using System.Text.Json.Nodes;
using Sluice.Pipe.Presets;

namespace Sluice.Pipe.Configuration;

/// <summary>The user's <c>config.toml</c>: where answers come from when no flag says so, and presets of their own.</summary>
public sealed record PipeConfig
{
    /// <summary>Where requests go when the file has a key but no address.</summary>
    public const string DefaultBaseUrl = "https://openrouter.ai/api/v1";

    private static readonly string[] Known = ["api_key", "api_key_command", "base_url", "model", "prompt"];
    private static readonly string[] KnownOfPrompt = ["template", "description", "output_schema"];

    public static PipeConfig Empty { get; } = new();

    public string? ApiKey { get; init; }

    /// <summary>A shell command that prints the key.</summary>
    public string? ApiKeyCommand { get; init; }

    public string? BaseUrl { get; init; }

    public string? Model { get; init; }

    /// <summary>The user's presets by name.</summary>
    public IReadOnlyDictionary<string, Preset> Presets { get; init; } = new Dictionary<string, Preset>();

    /// <summary>Keys that mean nothing here; others who read the file may know them, so they are told of, not refused.</summary>
    public IReadOnlyList<string> UnknownKeys { get; init; } = [];

    /// <summary>Whether it says that answers come from elsewhere.</summary>
    public bool NamesRemote => BaseUrl is not null || ApiKey is not null || ApiKeyCommand is not null;

    /// <summary>The preset of a name, the user's before ours; null where there is none.</summary>
    public Preset? Find(string name) => Presets.GetValueOrDefault(name) ?? BuiltinPresets.All.FirstOrDefault(preset => preset.Name == name);

    /// <summary>Every preset, the user's in place of ours of the same name, by name.</summary>
    public IEnumerable<Preset> AllPresets =>
        Presets.Values.Concat(BuiltinPresets.All.Where(preset => !Presets.ContainsKey(preset.Name)))
            .OrderBy(preset => preset.Name, StringComparer.Ordinal);

    /// <summary>The first of the files that exists, read; the empty configuration where none does.</summary>
    /// <exception cref="PipeException">It cannot be read or says something that is not understood.</exception>
    public static PipeConfig Load(IEnumerable<string> paths)
    {
        if (paths.FirstOrDefault(File.Exists) is not { } path)
            return Empty;
        try
        {
            return Read(Toml.Parse(File.ReadAllText(path)));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new PipeException(PipeFault.Usage, $"{path}: {e.Message}", e);
        }
    }

    internal static PipeConfig Read(JsonObject root)
    {
        var unknown = new List<string>();
        NoteUnknown(root, Known, "", unknown);
        var presets = new Dictionary<string, Preset>(StringComparer.Ordinal);
        foreach (var (name, value) in Table(root, "prompt") ?? [])
            presets.Add(name, ReadPreset(name, value as JsonObject ?? throw new FormatException($"[prompt.{name}] is no table"), unknown));
        return new PipeConfig
        {
            ApiKey = Text(root, "api_key") is { Length: > 0 } key ? key : null,
            ApiKeyCommand = Text(root, "api_key_command"),
            BaseUrl = Text(root, "base_url"),
            Model = Text(root, "model") is { Length: > 0 } model ? model : null,
            Presets = presets,
            UnknownKeys = unknown,
        };
    }

    private static Preset ReadPreset(string name, JsonObject table, List<string> unknown)
    {
        NoteUnknown(table, KnownOfPrompt, $"prompt.{name}.", unknown);
        string template = Text(table, "template") ?? throw new FormatException($"[prompt.{name}] has no template");
        return new Preset(name, template, Text(table, "description"), Table(table, "output_schema"));
    }

    private static void NoteUnknown(JsonObject table, string[] known, string prefix, List<string> unknown) =>
        unknown.AddRange(table.Where(entry => !known.Contains(entry.Key)).Select(entry => prefix + entry.Key));

    private static string? Text(JsonObject table, string key) => table[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => throw new FormatException($"{key} takes a string"),
    };

    private static JsonObject? Table(JsonObject table, string key) => table[key] switch
    {
        null => null,
        JsonObject found => found,
        _ => throw new FormatException($"{key} takes a table"),
    };
}
