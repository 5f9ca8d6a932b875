using Sluice.Models.Answers.Forms;

namespace Sluice.Models.Answers.Families;

/// <summary>ByteDance Seed-OSS: Qwen3-Coder's tags within its own, with values that keep their line feeds.</summary>
internal static class SeedFamily
{
    public static readonly CallFamily Family = new(
        "seed-oss", template => template.Contains("<seed:", StringComparison.Ordinal),
        new MarkupCalls
        {
            Starts = ["<seed:tool_call>"],
            Call = ("<function=", ">"),
            Argument = "<parameter=",
            ArgumentEnd = "</parameter>",
            CallEnd = "</function>",
            Closers = ["</seed:tool_call>"],
        })
    {
        Spelling = new CallSpelling("<seed:tool_call>\n<function=", ">", "\n</function>\n</seed:tool_call>", Next: "\n")
        {
            Arguments = new TaggedArguments("\n<parameter=", ">", "</parameter>"),
        },
    };
}
