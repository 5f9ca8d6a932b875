namespace Sluice.Protocol.Requests;

/// <summary>What an answer's text must be, from its first character to its last.</summary>
public abstract record AnswerFormat
{
    private AnswerFormat() { }

    /// <summary>Any JSON object.</summary>
    public sealed record JsonObject : AnswerFormat;

    /// <summary>JSON that is valid by a JSON Schema.</summary>
    /// <param name="Schema">The schema, as JSON.</param>
    /// <param name="Field">The request's field that it came in.</param>
    public sealed record JsonSchema(string Schema, string Field) : AnswerFormat;

    /// <summary>Text that a regular expression matches as a whole.</summary>
    public sealed record Regex(string Pattern, string Field) : AnswerFormat;

    /// <summary>Text of a grammar in llama.cpp's GBNF.</summary>
    public sealed record Grammar(string Text, string Field) : AnswerFormat;

    /// <summary>One of a few texts.</summary>
    public sealed record Choices(IReadOnlyList<string> Texts, string Field) : AnswerFormat;
}
