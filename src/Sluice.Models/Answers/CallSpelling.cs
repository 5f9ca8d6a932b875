using System.Text.Json;
using Sluice.Models.Grammars;

namespace Sluice.Models.Answers;

/// <summary>How a family's models write a call, for answers that must be one.</summary>
/// <param name="Before">Before the name of the tool.</param>
/// <param name="Between">Between the name and the arguments.</param>
/// <param name="After">Behind the arguments.</param>
/// <param name="Next">Between two calls; null where there is but one in an answer.</param>
internal sealed record CallSpelling(string Before, string Between, string After, string? Next = null)
{
    /// <summary>Before the first call, and behind the last.</summary>
    public (string Start, string End) Section { get; init; } = ("", "");

    /// <summary>How arguments are written; null for JSON.</summary>
    public TaggedArguments? Arguments { get; init; }

    /// <summary>Calls as objects with a name and arguments, in a list.</summary>
    public static CallSpelling JsonList(string start, string end) =>
        new("{\"name\": \"", "\", \"arguments\": ", "}", Next: ", ") { Section = (start + "[", "]" + end) };

    /// <summary>Answers that are calls of these tools and nothing else.</summary>
    /// <param name="tools">Name and parameters of each; undefined parameters are any object.</param>
    /// <param name="parallel">Whether there may be more than one.</param>
    /// <exception cref="GrammarException">Arguments of one cannot be written so.</exception>
    public Grammar GrammarOf(IEnumerable<(string Name, JsonElement Parameters)> tools, bool parallel)
    {
        Grammar[] calls = [.. tools.Select(tool => GrammarOf(tool.Name, tool.Parameters))];
        Grammar call = calls is [var only] ? only : new Grammar.Either(calls);
        Grammar[] more = parallel && Next is not null
            ? [new Grammar.Repeat(new Grammar.Sequence([new Grammar.Literal(Next), call]), 0, null)] : [];
        return new Grammar.Sequence([new Grammar.Literal(Section.Start), call, .. more, new Grammar.Literal(Section.End)]);
    }

    private Grammar.Sequence GrammarOf(string name, JsonElement parameters) => new(
    [
        new Grammar.Literal(Before + name + Between),
        Arguments?.GrammarOf(parameters)
            ?? (parameters.ValueKind == JsonValueKind.Object ? new Grammar.Schema(ClosedSchema.Of(parameters)) : Grammar.Schema.AnyObject),
        new Grammar.Literal(After),
    ]);
}
