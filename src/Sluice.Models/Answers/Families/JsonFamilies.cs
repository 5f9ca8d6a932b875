using Sluice.Models.Answers.Forms;

namespace Sluice.Models.Answers.Families;

/// <summary>Families that put JSON between marks of their own and have no other peculiarity.</summary>
internal static class JsonFamilies
{
    private const string Turn = "<|message_sep|>\n\nfunction call<|role_sep|>\n";

    /// <summary>GigaChat 3: a turn of its own for each call.</summary>
    public static readonly CallFamily GigaChat = new(
        "gigachat", template => template.Contains("<|role_sep|>", StringComparison.Ordinal),
        new JsonCalls([Turn, "<|function_call|>"], []))
    {
        Spelling = new CallSpelling(Turn + "{\"name\": \"", "\", \"arguments\": ", "}"),
    };

    public static readonly CallFamily Nemotron = new(
        "nemotron-v2", template => template.Contains("<TOOLCALL>", StringComparison.Ordinal),
        new JsonCalls(["<TOOLCALL>"], ["</TOOLCALL>"]))
    { Spelling = CallSpelling.JsonList("<TOOLCALL>", "</TOOLCALL>") };

    public static readonly CallFamily Apriel = new(
        "apriel", template => template.Contains("<tool_calls>", StringComparison.Ordinal),
        new JsonCalls(["<tool_calls>"], ["</tool_calls>"]))
    { Spelling = CallSpelling.JsonList("<tool_calls>", "</tool_calls>") };

    /// <summary>Granite up to 3.</summary>
    public static readonly CallFamily Granite = new(
        "granite", template => template.Contains("<|tool_call|>", StringComparison.Ordinal),
        new JsonCalls(["<|tool_call|>"], []))
    { Spelling = CallSpelling.JsonList("<|tool_call|>", "") };

    public static readonly CallFamily Apertus = new(
        "apertus", template => template.Contains("<|tools_prefix|>", StringComparison.Ordinal),
        new JsonCalls(["<|tools_prefix|>"], ["<|tools_suffix|>"]) { NamesAreKeys = true })
    {
        Spelling = new CallSpelling("{\"", "\": ", "}", Next: ", ") { Section = ("<|tools_prefix|>[", "]<|tools_suffix|>") },
    };

    public static readonly CallFamily Firefunction = new(
        "firefunction", template => template.Contains(" functools", StringComparison.Ordinal),
        new JsonCalls(["functools"], []))
    { Spelling = CallSpelling.JsonList(" functools", "") };
}
