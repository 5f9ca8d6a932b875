using Sluice.Models.Answers.Forms;

namespace Sluice.Models.Answers.Families;

/// <summary>Liquid LFM2: a list of Python calls, which its templates do not show; they are known by how they introduce the tools.</summary>
internal static class LfmFamily
{
    public static readonly CallFamily Family = new(
        "lfm2",
        template => template.Contains("<|tool_call_start|>", StringComparison.Ordinal)
            || template.Contains("\"List of tools: ", StringComparison.Ordinal),
        new PythonCalls(["<|tool_call_start|>"], ["<|tool_call_end|>"]));
}
