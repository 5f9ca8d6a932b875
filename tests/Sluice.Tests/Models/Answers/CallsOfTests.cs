using System.Text;
using System.Text.Json;
using Sluice.Models.Answers;
using Sluice.Models.Grammars;
using Sluice.Tests.Models.Grammars;

namespace Sluice.Tests.Models.Answers;

/// <summary>An answer that is forced to be a call is one to the same family's reader.</summary>
public sealed class CallsOfTests
{
    private static readonly ByteTokenizer Tokenizer = new();

    private static readonly JsonElement Tools = JsonElement.Parse("""
        [{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"n":{"type":"integer"},
            "o":{"type":"object","properties":{"a":{"type":"string"}}}},"required":["n"]}}},
         {"type":"function","function":{"name":"g"}}]
        """);

    /// <summary>Texts small enough that random ones come to their end.</summary>
    private const string Small =
        """
        {"type":"object","properties":{"text":{"type":"string","maxLength":6},"kind":{"enum":["a b","<c>"]},
        "size":{"type":["string","null"],"maxLength":2},"n":{"type":"integer","minimum":0,"maximum":99},
        "list":{"type":"array","items":{"type":"string","maxLength":3},"maxItems":2},"ref":{"$ref":"#/$defs/flag"}},
        "required":["text","n","ref"],"additionalProperties":false,"$defs":{"flag":{"type":"boolean"}}}
        """;

    private static readonly string[] NotForced = [AnswerFormat.Plain, "gemma4", "lfm2", "minimax-m3"];

    public static TheoryData<string> Forced => [.. AnswerFormat.Names.Except(NotForced)];

    /// <summary>How models of the family write it by themselves, by the reference data and their templates.</summary>
    [Theory]
    [InlineData("hermes", "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"n\": 1}}\n</tool_call>")]
    [InlineData("llama3", "{\"name\": \"f\", \"parameters\": {\"n\": 1}}")]
    [InlineData("mistral", "[TOOL_CALLS]f[ARGS]{\"n\": 1}")]
    [InlineData("deepseek", "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{\"n\": 1}\n```<｜tool▁call▁end｜>" +
        "<｜tool▁calls▁end｜>")]
    [InlineData("deepseek-v3.2", "<｜DSML｜function_calls>\n<｜DSML｜invoke name=\"f\">\n<｜DSML｜parameter name=\"n\" string=\"false\">1" +
        "</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>")]
    [InlineData("deepseek-v4", "<｜DSML｜tool_calls>\n<｜DSML｜invoke name=\"f\">\n<｜DSML｜parameter name=\"n\" string=\"false\">1" +
        "</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>")]
    [InlineData("kimi-k2", "<|tool_calls_section_begin|><|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{\"n\": 1}" +
        "<|tool_call_end|><|tool_calls_section_end|>")]
    [InlineData("functionary", "<function=f>{\"n\": 1}</function>")]
    [InlineData("harmony", "<|channel|>commentary to=functions.f <|constrain|>json<|message|>{\"n\": 1}")]
    [InlineData("qwen3-coder", "<tool_call>\n<function=f>\n<parameter=n>\n1\n</parameter>\n</function>\n</tool_call>")]
    [InlineData("seed-oss", "<seed:tool_call>\n<function=f>\n<parameter=n>1</parameter>\n</function>\n</seed:tool_call>")]
    [InlineData("minicpm5", "<function name=\"f\"><param name=\"n\">1</param></function>")]
    [InlineData("glm", "<tool_call>f<arg_key>n</arg_key><arg_value>1</arg_value></tool_call>")]
    [InlineData("gigachat", "<|message_sep|>\n\nfunction call<|role_sep|>\n{\"name\": \"f\", \"arguments\": {\"n\": 1}}")]
    [InlineData("nemotron-v2", "<TOOLCALL>[{\"name\": \"f\", \"arguments\": {\"n\": 1}}]</TOOLCALL>")]
    [InlineData("apriel", "<tool_calls>[{\"name\": \"f\", \"arguments\": {\"n\": 1}}]</tool_calls>")]
    [InlineData("granite", "<|tool_call|>[{\"name\": \"f\", \"arguments\": {\"n\": 1}}]")]
    [InlineData("apertus", "<|tools_prefix|>[{\"f\": {\"n\": 1}}]<|tools_suffix|>")]
    [InlineData("firefunction", " functools[{\"name\": \"f\", \"arguments\": {\"n\": 1}}]")]
    public void CallsOf_OneTool_AllowsWhatItsModelsWriteAndIsReadAsTheCall(string name, string written)
    {
        var format = AnswerFormat.Named(name, "")!;
        var matcher = new GrammarVocabulary(Tokenizer).Compile(format.CallsOf(Tools, "f", parallel: false, strict: true)!).Start();
        var reader = format.CreateReader(new AnswerOptions { Tools = Tools });

        Assert.All(Encoding.UTF8.GetBytes(written), value => Assert.True(matcher.TryAccept(value)));
        var parts = reader.Append(written).Concat(reader.Finish(cut: false)).ToArray();

        Assert.True(matcher.IsComplete);
        Assert.Equal([(AnswerPartKind.Call, "f"), (AnswerPartKind.Arguments, "{\"n\": 1}")], parts.Select(part => (part.Kind, part.Text)));
    }

    [Theory]
    [MemberData(nameof(Forced))]
    public void CallsOf_RandomWalks_AreReadAsCallsValidBySchema(string name)
    {
        var format = AnswerFormat.Named(name, "")!;
        var tools = JsonElement.Parse($"[{{\"type\":\"function\",\"function\":{{\"name\":\"f\",\"parameters\":{Small}}}}}]");
        var grammar = new GrammarVocabulary(Tokenizer).Compile(format.CallsOf(tools, null, parallel: true, strict: true)!);
        foreach (int seed in Enumerable.Range(1, 20))
        {
            string text = RandomWalk(grammar, new Random(seed));
            var reader = format.CreateReader(new AnswerOptions { Tools = tools });
            AnswerPart[] parts = [.. reader.Append(text), .. reader.Finish(cut: false)];

            Assert.True(parts.All(part => part.Kind is AnswerPartKind.Call or AnswerPartKind.Arguments), text);
            string[] calls = string.Concat(parts.Select(part => part.Kind == AnswerPartKind.Call ? "\0" : part.Text)).Split('\0')[1..];
            Assert.NotEmpty(calls);
            Assert.All(calls, call => Assert.True(NaiveValidator.IsValid(Small, call), $"{text}\nis read as\n{call}"));
        }
    }

    /// <summary>A string of JSON has a tag as an escape, and a text without quotes not at all.</summary>
    [Theory]
    [InlineData("<parameter=list>\n[\"\\u003c\"]\n</parameter>", true)]
    [InlineData("<parameter=list>\n[\"<\"]\n</parameter>", false)]
    [InlineData("<parameter=kind>\n<c>\n\n</parameter>", true)]
    [InlineData("<parameter=kind>\n<![CDATA[x\n</parameter>", false)]
    [InlineData("<parameter=kind>\n</para\n</parameter>", true)]
    [InlineData("<parameter=kind>\n</parameter>\n</parameter>", false)]
    public void CallsOf_ArgumentsBetweenTags_HoldNoTag(string argument, bool isAllowed)
    {
        var tools = JsonElement.Parse("""
            [{"function":{"name":"f","parameters":{"properties":{"kind":{"type":"string"},"list":{"type":"array"}}}}}]
            """);
        var matcher = new GrammarVocabulary(Tokenizer)
            .Compile(AnswerFormat.Named("qwen3-coder", "")!.CallsOf(tools, "f", parallel: false, strict: true)!).Start();

        byte[] written = Encoding.UTF8.GetBytes($"<tool_call>\n<function=f>\n{argument}\n</function>\n</tool_call>");
        bool allowed = written.All(value => matcher.TryAccept(value));

        Assert.Equal(isAllowed, allowed && matcher.IsComplete);
    }

    [Theory]
    [InlineData("{\"properties\":{},\"anyOf\":[true]}", "anyOf")]
    [InlineData("{\"properties\":{\"a>b\":true}}", "a>b")]
    public void CallsOf_WhatTagsCannotHold_IsRefusedByName(string parameters, string named)
    {
        var tools = JsonElement.Parse($"[{{\"function\":{{\"name\":\"f\",\"parameters\":{parameters}}}}}]");

        var refused = Assert.Throws<GrammarException>(
            () => AnswerFormat.Named("glm", "")!.CallsOf(tools, "f", parallel: false, strict: true));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
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

    [Fact]
    public void CallsOf_NotationThatIsNotForced_IsNull() =>
        Assert.All(NotForced, name => Assert.Null(AnswerFormat.Named(name, "")!.CallsOf(Tools, null, parallel: false, strict: true)));

    private static string RandomWalk(CompiledGrammar grammar, Random random)
    {
        var matcher = grammar.Start();
        var text = new List<byte>();
        while (!matcher.IsComplete)
        {
            int[] allowed = [.. Enumerable.Range(0, Tokenizer.VocabularySize).Where(matcher.Allows)];
            int token = allowed[random.Next(allowed.Length)];
            Assert.True(matcher.TryAccept(token));
            text.AddRange(Tokenizer.Bytes(token));
        }
        return Encoding.UTF8.GetString([.. text]);
    }

    private static IEnumerable<Grammar.Schema> SchemasOf(Grammar grammar) => grammar switch
    {
        Grammar.Schema schema => [schema],
        Grammar.Sequence sequence => sequence.Parts.SelectMany(SchemasOf),
        Grammar.Either either => either.Options.SelectMany(SchemasOf),
        Grammar.Repeat repeat => SchemasOf(repeat.Body),
        _ => [],
    };
}
