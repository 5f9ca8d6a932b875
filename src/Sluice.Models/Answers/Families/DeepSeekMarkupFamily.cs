using Sluice.Models.Answers.Forms;

namespace Sluice.Models.Answers.Families;

/// <summary>
/// DeepSeek's markup: elements whose names begin with ｜DSML｜, values that say themselves whether they are text. V3.2 calls the section
/// function_calls, V4 tool_calls; V4's own reader takes a section that does not end as text, so there calls wait for its end.
/// </summary>
internal static class DeepSeekMarkupFamily
{
    public static readonly CallFamily V32 = Family("deepseek-v3.2", "function_calls", mustEnd: false, "｜DSML｜");

    public static readonly CallFamily V4 = Family("deepseek-v4", "tool_calls", mustEnd: true, "｜DSML｜", "\\DSML\\");

    private static CallFamily Family(string name, string section, bool mustEnd, params string[] spellings) => new(
        name,
        template => template.Contains("DSML", StringComparison.Ordinal) && template.Contains($"{section}>", StringComparison.Ordinal),
        new EitherCalls([.. spellings.Select(dsml => Calls(dsml, section, mustEnd))]))
    {
        CallsEndThoughts = true,
        KeepsSpace = true,
        Spelling = new CallSpelling($"<{spellings[0]}invoke name=\"", "\">", $"\n</{spellings[0]}invoke>", Next: "\n")
        {
            Section = ($"<{spellings[0]}{section}>\n", $"\n</{spellings[0]}{section}>"),
            Arguments = new TaggedArguments($"\n<{spellings[0]}parameter name=\"", "\" string=\"true\">", $"</{spellings[0]}parameter>")
            {
                BetweenJson = "\" string=\"false\">",
            },
        },
    };

    private static MarkupCalls Calls(string dsml, string section, bool mustEnd) => new()
    {
        Starts = [$"\n\n<{dsml}{section}>", $"<{dsml}{section}>"], // the empty line belongs to the section
        Call = ($"<{dsml}invoke name=\"", "\">"),
        Argument = $"<{dsml}parameter name=\"",
        ArgumentEnd = $"</{dsml}parameter>",
        CallEnd = $"</{dsml}invoke>",
        Closers = [$"</{dsml}{section}>"],
        SectionEnd = mustEnd ? $"</{dsml}{section}>" : null,
    };
}
