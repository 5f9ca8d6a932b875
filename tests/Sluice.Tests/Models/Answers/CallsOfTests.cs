using System.Text.Json;
using Sluice.Models.Answers;
using Sluice.Models.Grammars;

namespace Sluice.Tests.Models.Answers;

/// <summary>An answer that is forced to be a call is one to the same family's reader.</summary>
public sealed class CallsOfTests
{
    private static readonly JsonElement Tools = JsonElement.Parse("""
        [{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"n":{"type":"integer"},
            "o":{"type":"object","properties":{"a":{"type":"string"}}}},"required":["n"]}}},
         {"type":"function","function":{"name":"g"}}]
        """);

    [Theory]
    [InlineData("hermes")]
    [InlineData("llama3")]
    [InlineData("mistral")]
    [InlineData("deepseek")]
    [InlineData("kimi-k2")]
    [InlineData("functionary")]
    public void CallsOf_OneTool_IsReadAsItsCall(string name)
    {
        var format = AnswerFormat.Named(name, "")!;
        string forced = Spell(format.CallsOf(Tools, "f", parallel: false, strict: true)!, "{\"n\": 1}");

        var reader = format.CreateReader(new AnswerOptions { Tools = Tools });
        var parts = reader.Append(forced).Concat(reader.Finish(cut: false)).ToArray();

        Assert.Equal([(AnswerPartKind.Call, "f"), (AnswerPartKind.Arguments, "{\"n\": 1}")], parts.Select(part => (part.Kind, part.Text)));
    }

    [Fact]
    public void CallsOf_Strict_LeavesNoRoomForWhatTheToolDoesNotName()
    {
        var calls = AnswerFormat.Named("hermes", "")!.CallsOf(Tools, "f", parallel: false, strict: true)!;

        using var schema = JsonDocument.Parse(Assert.Single(SchemasOf(calls)).Text);

        Assert.False(schema.RootElement.GetProperty("additionalProperties").GetBoolean());
        Assert.False(schema.RootElement.GetProperty("properties").GetProperty("o").GetProperty("additionalProperties").GetBoolean());
    }

    [Fact]
    public void CallsOf_AnyToolAndSeveral_HasThemAll()
    {
        var calls = AnswerFormat.Named("hermes", "")!.CallsOf(Tools, null, parallel: true, strict: true)!;

        Assert.Contains(Grammar.Schema.AnyObject, SchemasOf(calls)); // g says nothing of its arguments
        Assert.Equal(4, SchemasOf(calls).Count()); // both, first and again
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("harmony")]
    [InlineData("qwen3-coder")]
    public void CallsOf_NotationThatIsNotForced_IsNull(string name) =>
        Assert.Null(AnswerFormat.Named(name, "")!.CallsOf(Tools, null, parallel: false, strict: true));

    /// <summary>The text of a grammar without choices, with some arguments.</summary>
    private static string Spell(Grammar grammar, string arguments) => grammar switch
    {
        Grammar.Literal literal => literal.Text,
        Grammar.Schema => arguments,
        Grammar.Sequence sequence => string.Concat(sequence.Parts.Select(part => Spell(part, arguments))),
        _ => throw new ArgumentException($"{grammar.GetType().Name} leaves a choice", nameof(grammar)),
    };

    private static IEnumerable<Grammar.Schema> SchemasOf(Grammar grammar) => grammar switch
    {
        Grammar.Schema schema => [schema],
        Grammar.Sequence sequence => sequence.Parts.SelectMany(SchemasOf),
        Grammar.Either either => either.Options.SelectMany(SchemasOf),
        Grammar.Repeat repeat => SchemasOf(repeat.Body),
        _ => [],
    };
}
