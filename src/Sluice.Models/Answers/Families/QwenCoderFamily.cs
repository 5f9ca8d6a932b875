using Sluice.Models.Answers.Forms;

namespace Sluice.Models.Answers.Families;

/// <summary>
/// Qwen3-Coder, Qwen 3.5 and Nemotron 3: <c>&lt;tool_call&gt;&lt;function=f&gt;&lt;parameter=a&gt;…&lt;/parameter&gt;&lt;/function&gt;&lt;/tool_call&gt;</c>
/// with every tag on a line of its own; they often forget the outer tag's start.
/// </summary>
internal static class QwenCoderFamily
{
    public static readonly CallFamily Family = new(
        "qwen3-coder",
        template => template.Contains("<tool_call>", StringComparison.Ordinal) && template.Contains("<parameter=", StringComparison.Ordinal),
        new MarkupCalls
        {
            Starts = ["<tool_call>", "<function="],
            Call = ("<function=", ">"),
            Argument = "<parameter=",
            ArgumentEnd = "</parameter>",
            CallEnd = "</function>",
            Closers = ["</tool_call>"],
            OnLines = true,
        })
    {
        KeepsSpace = true,
        Spelling = new CallSpelling("<tool_call>\n<function=", ">", "\n</function>\n</tool_call>", Next: "\n")
        {
            Arguments = new TaggedArguments("\n<parameter=", ">\n", "\n</parameter>"),
        },
    };
}
