using Sluice.Models.Answers.Forms;

namespace Sluice.Models.Answers.Families;

/// <summary>Nous Hermes, Qwen up to 3, Granite 4 and many others: <c>&lt;tool_call&gt;{"name": …, "arguments": {…}}&lt;/tool_call&gt;</c>.</summary>
internal static class HermesFamily
{
    public static readonly CallFamily Family = new(
        "hermes", template => template.Contains("<tool_call>", StringComparison.Ordinal),
        new JsonCalls(["<tool_call>"], ["</tool_call>"]))
    {
        Spelling = new CallSpelling("<tool_call>\n{\"name\": \"", "\", \"arguments\": ", "}\n</tool_call>", Next: "\n"),
    };
}
