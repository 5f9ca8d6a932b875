using System.Text.Json;
using Sluice.Models.Answers.Families;
using Sluice.Models.Answers.Reading;
using Sluice.Models.Grammars;

namespace Sluice.Models.Answers;

/// <summary>How a model writes its answers: how it marks thoughts, and how it calls tools. Immutable.</summary>
public sealed class AnswerFormat
{
    /// <summary>Marks thoughts perhaps, and makes no calls.</summary>
    public const string Plain = "plain";

    // The order matters: the first family whose mark a template has is taken, so those whose marks are part of others' come last.
    private static readonly CallFamily[] Families =
    [
        DeepSeekMarkupFamily.V32, DeepSeekMarkupFamily.V4, DeepSeekFamily.Family, KimiFamily.Family, MistralFamily.Family,
        MiniMaxFamily.Family, GemmaFamily.Family, SeedFamily.Family, QwenCoderFamily.Family, MiniCpmFamily.Family, GlmFamily.Family,
        JsonFamilies.GigaChat, JsonFamilies.Nemotron, JsonFamilies.Apriel, JsonFamilies.Granite, JsonFamilies.Apertus,
        JsonFamilies.Firefunction, HermesFamily.Family, LfmFamily.Family, FunctionaryFamily.Family, LlamaFamily.Family,
    ];

    private readonly CallFamily? _family;
    private readonly ThoughtTags? _tags;

    private AnswerFormat(string name, CallFamily? family, ThoughtTags? tags) => (Name, _family, _tags) = (name, family, tags);

    /// <summary>Names of all formats.</summary>
    public static IReadOnlyList<string> Names { get; } = [Plain, HarmonyFamily.Name, .. Families.Select(family => family.Name)];

    public string Name { get; }

    /// <summary>Whether its models call tools.</summary>
    public bool MakesCalls => _family is not null || Name == HarmonyFamily.Name;

    /// <summary>Whether ids of calls must have the nine letters and digits that its templates insist on.</summary>
    public bool ShortIds => _family?.ShortIds == true;

    /// <summary>Whether its models mark thoughts.</summary>
    public bool HasThoughts => _tags is not null || Name == HarmonyFamily.Name;

    /// <summary>What thoughts begin and end with; null where its models do not mark them by tags.</summary>
    public (string Start, string End)? Thoughts => _tags is null ? null : (_tags.Start, _tags.End);

    /// <summary>All it is told by; a token that is one of these must be part of the text.</summary>
    public IEnumerable<string> Marks => Name == HarmonyFamily.Name ? HarmonyFamily.Marks
        : [.. _family?.Form.Marks ?? [], .. _tags is null ? [] : new[] { _tags.Start, _tags.End }, .. _tags?.Strays ?? []];

    /// <summary>The format of a model that was trained with a chat template; plain where it shows no marks that are known.</summary>
    public static AnswerFormat Of(string template)
    {
        if (HarmonyFamily.Speaks(template))
            return new AnswerFormat(HarmonyFamily.Name, null, null);
        return Of(Array.Find(Families, family => family.Speaks(template)), template);
    }

    /// <summary>A format by its name; null where nothing has it.</summary>
    /// <param name="template">Of the model, for how it marks thoughts.</param>
    public static AnswerFormat? Named(string name, string template) => name switch
    {
        Plain => Of(null, template),
        HarmonyFamily.Name => new AnswerFormat(name, null, null),
        _ => Array.Find(Families, family => family.Name == name) is { } family ? Of(family, template) : null,
    };

    /// <summary>Answers that are calls and nothing else; null where they cannot be forced to be.</summary>
    /// <param name="tools">In OpenAI's form.</param>
    /// <param name="only">The one that must be called; null for any of them.</param>
    /// <param name="parallel">Whether there may be more than one call.</param>
    /// <param name="strict">Whether arguments must be valid by the tool's schema, not just an object.</param>
    /// <exception cref="GrammarException">A tool's arguments cannot be held to in this notation.</exception>
    public Grammar? CallsOf(JsonElement tools, string? only, bool parallel, bool strict) =>
        (Name == HarmonyFamily.Name ? HarmonyFamily.Spelling : _family?.Spelling)?.GrammarOf(
            new ToolSet(tools).Named(only).Select(tool => (tool.Name, strict ? tool.Parameters : default)), parallel);

    /// <summary>A reader for one answer.</summary>
    /// <param name="opening">What the prompt has of the answer already; see <see cref="AnswerOpening"/>.</param>
    public AnswerReader CreateReader(AnswerOptions options, string opening = "")
    {
        var text = new AnswerText();
        var sink = new AnswerSink(options.ParallelCalls ? int.MaxValue : 1, options.JsonText ? new JsonFence() : null);
        if (Name == HarmonyFamily.Name)
            return new AnswerReader(text, sink, new HarmonyFamily(text, sink, options).ReadAsync(), opening);
        if (options.ThoughtsInText && _tags is not null && opening.LastIndexOf(_tags.End, StringComparison.Ordinal) is var end and >= 0)
            opening = opening[(end + _tags.End.Length)..].TrimStart(); // thoughts that the template closed itself are nobody's text
        return new AnswerReader(text, sink, new TaggedReader(text, sink, _family, _tags, options).ReadAsync(), opening);
    }

    /// <summary>Whether an answer that begins so is in the midst of thoughts.</summary>
    public bool OpensThoughts(string opening)
    {
        if (_tags is null)
            return false;
        int end = opening.LastIndexOf(_tags.End, StringComparison.Ordinal);
        return _tags.StartsOpen ? end < 0 : opening.LastIndexOf(_tags.Start, StringComparison.Ordinal) > end;
    }

    /// <summary>Where the first tag of thoughts is; -1 for nowhere.</summary>
    internal int FindTag(string text)
    {
        if (_tags is null)
            return -1;
        int start = text.IndexOf(_tags.Start, StringComparison.Ordinal), end = text.IndexOf(_tags.End, StringComparison.Ordinal);
        return start < 0 ? end : end < 0 ? start : Math.Min(start, end);
    }

    private static AnswerFormat Of(CallFamily? family, string template) =>
        new(family?.Name ?? Plain, family, ThoughtTags.Find(template) ?? family?.Thoughts);
}
