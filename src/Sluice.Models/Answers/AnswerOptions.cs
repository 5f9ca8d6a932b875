using System.Text.Json;

namespace Sluice.Models.Answers;

/// <summary>What is known of an answer before it comes.</summary>
public sealed record AnswerOptions
{
    /// <summary>The tools that the model was shown, in OpenAI's form; null for none, and then nothing is read as a call.</summary>
    public JsonElement? Tools { get; init; }

    /// <summary>Whether there may be more than one call; if not, the answer is complete with the first.</summary>
    public bool ParallelCalls { get; init; } = true;

    /// <summary>Whether thoughts stay in the text, tags and all.</summary>
    public bool ThoughtsInText { get; init; }

    /// <summary>Whether the text is one JSON value, so that a fence of Markdown around it is not part of it.</summary>
    public bool JsonText { get; init; }
}
