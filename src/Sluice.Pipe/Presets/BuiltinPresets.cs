namespace Sluice.Pipe.Presets;

/// <summary>The presets that are there without any configuration.</summary>
public static class BuiltinPresets
{
    public static IReadOnlyList<Preset> All { get; } =
    [
        new("classify", "Classify the text as one of: {{labels}}. Answer with the label only.", "One label of a list (labels)"),
        new("filter", "Does this hold for the text: {{condition}}? Answer with 1 if it does and with 0 if not, and nothing else.",
            "1 where a condition holds, else 0 (condition)"),
        new("normalize", "Extract {{fields}} from the text as JSON on one line. Answer with the JSON only.",
            "Fields as compact JSON (fields)"),
        new("summarize", "Summarize in one sentence. Answer with the summary only.", "A summary of one sentence"),
        new("translate", "Translate to {{lang}}. Answer with the translation only.", "A translation (lang)"),
    ];
}
