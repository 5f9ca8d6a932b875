namespace Sluice.Gateway.Configuration;

/// <summary>Sends requests to the members of a tag. All conditions that are set must hold.</summary>
public sealed record RuleConfig
{
    /// <summary>Tag of the members that answer.</summary>
    public required string To { get; init; }

    /// <summary>Name of a request header; with <see cref="Matches"/> its value is looked at, without it its presence.</summary>
    public string? Header { get; init; }

    /// <summary>A regular expression over the header, or over the text of the last user message where no header is named.</summary>
    public string? Matches { get; init; }

    /// <summary>Script of the text: latin, cyrillic, greek, arabic, hebrew, han, kana, hangul, thai or devanagari.</summary>
    public string? Script { get; init; }

    /// <summary>Least estimated prompt tokens.</summary>
    public int? MinTokens { get; init; }

    /// <summary>Most estimated prompt tokens.</summary>
    public int? MaxTokens { get; init; }
}
