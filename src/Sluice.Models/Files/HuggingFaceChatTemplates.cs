using System.Text;
using System.Text.Json;

namespace Sluice.Models.Files;

/// <summary>
/// Finds a folder's chat templates. A <c>chat_template.jinja</c> wins over <c>chat_template.json</c>, and either over the field of
/// tokenizer_config.json: newer exports move the template into its own file and may leave an old one behind.
/// </summary>
internal static class HuggingFaceChatTemplates
{
    public const string DefaultName = "default";

    private const string Field = "chat_template";
    private const int MaxTemplateBytes = 4 << 20;

    public static IReadOnlyDictionary<string, string> Read(string folder, JsonFields? tokenizerConfig)
    {
        string jinja = Path.Combine(folder, "chat_template.jinja");
        if (File.Exists(jinja))
            return Single(Encoding.UTF8.GetString(TextFile.ReadUtf8(jinja, MaxTemplateBytes).Span));
        string json = Path.Combine(folder, "chat_template.json");
        return FromField(File.Exists(json) ? JsonFields.Read(json) : tokenizerConfig);
    }

    /// <summary>The field is one template, or a list of them with names.</summary>
    private static Dictionary<string, string> FromField(JsonFields? json)
    {
        if (json?.Kind(Field) == JsonValueKind.String)
            return Single(json.RequireString(Field));
        var templates = new Dictionary<string, string>();
        foreach (var named in json?.Objects(Field) ?? [])
            templates[named.RequireString("name")] = named.RequireString("template");
        return templates;
    }

    private static Dictionary<string, string> Single(string template) => new() { [DefaultName] = template };
}
