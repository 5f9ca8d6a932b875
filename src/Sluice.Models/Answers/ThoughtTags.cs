namespace Sluice.Models.Answers;

/// <summary>What thoughts stand between.</summary>
/// <param name="Start">What they begin with.</param>
/// <param name="End">What they end with.</param>
internal sealed record ThoughtTags(string Start, string End)
{
    public static readonly ThoughtTags Think = new("<think>", "</think>");

    // The order matters: a template that shows the first is of that family, whatever else it shows.
    private static readonly ThoughtTags[] Known =
    [
        new("<mm:think>", "</mm:think>"),
        new("<seed:think>", "</seed:think>"),
        new("[THINK]", "[/THINK]"),
        new("<|channel>thought", "<channel|>") { Anywhere = true, Strays = ["<|channel>", "<channel|>"], Shown = "<|channel>" },
        new("<|inner_prefix|>", "<|inner_suffix|>"),
        new("Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]") { StartsOpen = true },
        new("<thinking>", "</thinking>"),
        Think with { Shown = "</think>" },
    ];

    /// <summary>Whether they may come after text; elsewhere the tag is text then, such as an answer about tags has.</summary>
    public bool Anywhere { get; init; }

    /// <summary>Whether every answer begins with thoughts, and the start is one of them.</summary>
    public bool StartsOpen { get; init; }

    /// <summary>Tags that models leave lying about; they say nothing.</summary>
    public IReadOnlyList<string> Strays { get; init; } = [];

    /// <summary>What a template that knows them has; the start if left out.</summary>
    private string? Shown { get; init; }

    /// <summary>Those that a template knows; null where it knows none.</summary>
    public static ThoughtTags? Find(string template) =>
        Array.Find(Known, tags => template.Contains(tags.Shown ?? tags.Start, StringComparison.Ordinal));
}
