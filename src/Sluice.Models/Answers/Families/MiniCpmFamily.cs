using Sluice.Models.Answers.Forms;

namespace Sluice.Models.Answers.Families;

/// <summary>MiniCPM 5: <c>&lt;function name="f"&gt;&lt;param name="a"&gt;…&lt;/param&gt;&lt;/function&gt;</c>, values in CDATA where they need it.</summary>
internal static class MiniCpmFamily
{
    public static readonly CallFamily Family = new(
        "minicpm5", template => template.Contains("<param name=", StringComparison.Ordinal),
        new MarkupCalls
        {
            Starts = ["<function name=\""],
            Call = ("<function name=\"", "\">"),
            Argument = "<param name=\"",
            ArgumentEnd = "</param>",
            CallEnd = "</function>",
            Closers = [],
        })
    {
        Spelling = new CallSpelling("<function name=\"", "\">", "</function>", Next: "\n")
        {
            Arguments = new TaggedArguments("<param name=\"", "\">", "</param>"),
        },
    };
}
