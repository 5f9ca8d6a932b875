using System.Text.Json;
using Sluice.Models.Answers;

namespace Sluice.Tests.Models.Answers;

/// <summary>What becomes of answers that are not as their family would have them.</summary>
public sealed class AnswerFormatTests
{
    private static readonly JsonElement Tools = JsonElement.Parse(
        """[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":{"type":"string"},"n":{"type":"integer"}}}}}]""");

    [Theory]
    [InlineData("hermes", "<tool_call>{\"arguments\":{\"n\":1},\"name\":\"f\"}</tool_call>", "f({\"n\": 1})")]
    [InlineData("hermes", "<tool_call>{\"name\":\"f\",\"arguments\":\"{\\\"n\\\":1}\"}</tool_call>", "f({\"n\":1})")]
    [InlineData("hermes", "<tool_call>{\"name\":\"f\",\"arguments\":null}</tool_call>", "f({})")]
    [InlineData("hermes", "<tool_call>{\"name\":\"f\"}</tool_call>done", "f({}) done")]
    [InlineData("hermes", "<tool_call>[{\"name\":\"f\",\"arguments\":{}},{\"name\":\"g\",\"arguments\":{}}]</tool_call>", "f({}) g({})")]
    [InlineData("hermes", "a<tool_call>\noops</tool_call>", "a<tool_call>\noops</tool_call>")]
    [InlineData("hermes", "<tool_call>{\"nom\":\"f\"}</tool_call>", "<tool_call>{\"nom\":\"f\"}</tool_call>")]
    [InlineData("hermes", "<tool_call>{\"name\":\"f\",\"arguments\":{\"a\":[1}}</tool_call>", "f({\"a\": [1}})")]
    [InlineData("hermes", "<tool_call>{\"name\":\"f\",\"argu", "<tool_call>{\"name\":\"f\",\"argu")]
    [InlineData("hermes", "<tool_call>{\"name\":\"f\",\"arguments\":{\"a\":\"line\nline\"}}</tool_call>", "f({\"a\": \"line\\nline\"})")]
    [InlineData("hermes", "I call <tool_call>x <tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>", "I call <tool_call>x f({})")]
    [InlineData("llama3", "{\"name\": \"f\", \"parameters\": {\"n\": 1}}; {\"name\": \"f\", \"parameters\": {}}", "f({\"n\": 1}) f({})")]
    [InlineData("llama3", "{\"type\":\"function\",\"name\":\"f\",\"parameters\":{}}", "f({})")]
    [InlineData("llama3", "{\"name\": \"Maria\", \"age\": 34}", "{\"name\": \"Maria\", \"age\": 34}")]
    [InlineData("llama3", "As JSON: {\"name\": \"f\", \"parameters\": {}}", "As JSON: {\"name\": \"f\", \"parameters\": {}}")]
    [InlineData("llama3", "<|python_tag|>f.call(a=\"x\", n=2)", "f({\"a\": \"x\", \"n\": 2})")]
    [InlineData("llama3", "<|python_tag|>{\"name\":\"f\",\"parameters\":{}}", "f({})")]
    [InlineData("llama3", "<function=f>{\"n\": 1}</function>", "f({\"n\": 1})")]
    [InlineData("mistral", "[TOOL_CALLS]f{\"n\": 1}", "f({\"n\": 1})")]
    [InlineData("mistral", "[TOOL_CALLS] [{\"name\": \"f\", \"arguments\": {}}]", "f({})")]
    [InlineData("mistral", "[TOOL_CALLS] of none", "[TOOL_CALLS] of none")]
    [InlineData("deepseek", "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{\"n\":1}<｜tool▁call▁end｜><｜tool▁calls▁end｜>", "f({\"n\": 1})")]
    [InlineData("qwen3-coder", "<tool_call>\n<function=f>\n<parameter=a>\n42\n</parameter>\n<parameter=n>\nmany\n</parameter>\n</function>\n</tool_call>", "f({\"a\": \"42\", \"n\": \"many\"})")]
    [InlineData("qwen3-coder", "<function=g>none</function>", "<function=g>none</function>")]
    [InlineData("glm", "<tool_call>f\n<arg_key>a</arg_key>\n<arg_value>1</arg_value>\n</tool_call>", "f({\"a\": \"1\"})")]
    [InlineData("lfm2", "<|tool_call_start|>[f(a='it\\'s', n=[1, (2, 3)])]<|tool_call_end|>ok", "f({\"a\": \"it's\", \"n\": [1, [2, 3]]}) ok")]
    [InlineData("harmony", "<|channel|>commentary to=functions.f <|constrain|>json<|message|>{\"n\":1}<|call|>", "f({\"n\": 1})")]
    [InlineData("plain", "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>", "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>")]
    public void Read_CarelessAnswer_IsTakenForWhatItIs(string format, string answer, string expected) =>
        Assert.Equal(expected, Show(AnswerFormat.Named(format, "")!, answer, new AnswerOptions { Tools = Tools }));

    [Fact]
    public void Read_SecondCallWhereOneIsAllowed_IsDroppedAndCompletes()
    {
        var reader = AnswerFormat.Named("hermes", "")!.CreateReader(new AnswerOptions { Tools = Tools, ParallelCalls = false });
        const string call = "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>\n";

        var first = reader.Append(call);
        bool after = reader.IsComplete;
        var second = reader.Append(call);

        Assert.Equal(["f", "{}"], first.Select(part => part.Text));
        Assert.False(after);
        Assert.Empty(second);
        Assert.True(reader.IsComplete);
    }

    [Theory]
    [InlineData("<think>", "", "hm</think>ok", "hm</think>ok")]
    [InlineData("<think>", "<think>\n", "hm\n</think>\n\nok", "(hm) ok")]
    [InlineData("<think>", "<think>\n\n</think>\n\n", "ok", "ok")]
    [InlineData("<think>", "", "<think>hm</think>ok", "(hm) ok")]
    [InlineData("<think>", "", "the tag <think> is text", "the tag <think> is text")]
    [InlineData("<think>", "<think>", "never ends", "(never ends)")]
    [InlineData("[THINK]", "", "[THINK]hm[/THINK]ok", "(hm) ok")]
    public void Read_Thoughts_AreToldApart(string template, string opening, string answer, string expected)
    {
        var format = AnswerFormat.Named("plain", template + "</think>")!;
        Assert.Equal(expected, Show(format, answer, new AnswerOptions(), opening));
    }

    [Theory]
    [InlineData("```json\n{\"a\": 1}\n```", "{\"a\": 1}")]
    [InlineData("\n {\"a\": \"```\"} \n", "{\"a\": \"```\"}")]
    public void Read_JsonInAFence_IsTheJson(string answer, string expected) =>
        Assert.Equal(expected, Show(AnswerFormat.Named("plain", "")!, answer, new AnswerOptions { JsonText = true }));

    [Fact]
    public void Named_Unknown_IsNull() => Assert.Null(AnswerFormat.Named("esperanto", ""));

    [Theory]
    [InlineData("hermes")]
    [InlineData("mistral")]
    public void Named_Known_HasThatName(string name) => Assert.Equal(name, AnswerFormat.Named(name, "")!.Name);

    /// <summary>Calls as f(…), thoughts as (…), with a space between any two.</summary>
    private static string Show(AnswerFormat format, string answer, AnswerOptions options, string opening = "")
    {
        var reader = format.CreateReader(options, opening);
        var shown = new List<(AnswerPartKind Kind, string Text)>();
        foreach (var part in reader.Opening.Concat(reader.Append(answer)).Concat(reader.Finish(cut: false)).ToArray())
        {
            if (shown.Count > 0 && shown[^1].Kind == part.Kind && part.Kind != AnswerPartKind.Call)
                shown[^1] = (part.Kind, shown[^1].Text + part.Text);
            else
                shown.Add((part.Kind, part.Text));
        }
        return string.Join(' ', shown.Select(part => part.Kind is AnswerPartKind.Thought or AnswerPartKind.Arguments ? $"({part.Text})" : part.Text))
            .Replace("f (", "f(", StringComparison.Ordinal).Replace("g (", "g(", StringComparison.Ordinal);
    }
}
