using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers.Families;

/// <summary>
/// Kimi K2: <c>&lt;|tool_call_begin|&gt;functions.f:0&lt;|tool_call_argument_begin|&gt;{…}&lt;|tool_call_end|&gt;</c> in a section whose
/// tags, like the call's end, it may forget. The id is the whole of what stands before the arguments.
/// </summary>
internal sealed class KimiFamily : ICallForm
{
    public static readonly CallFamily Family = new(
        "kimi-k2", template => template.Contains("<|tool_call_begin|>", StringComparison.Ordinal), new KimiFamily())
    {
        Thoughts = ThoughtTags.Think,
        CallsEndThoughts = true,
        Spelling = new CallSpelling($"{Section}{Call}functions.", $":0{Arguments}", "<|tool_call_end|><|tool_calls_section_end|>"),
    };

    private const string Section = "<|tool_calls_section_begin|>", Call = "<|tool_call_begin|>", Arguments = "<|tool_call_argument_begin|>";

    public IReadOnlyList<string> Starts { get; } = [Section, Call];

    public IReadOnlyList<string> Closers { get; } = ["<|tool_call_end|>", "<|tool_calls_section_end|>"];

    public IEnumerable<string> Marks => [.. Starts, .. Closers, Arguments];

    public async ReadTask<bool> ReadAsync(CallReading call, int start)
    {
        if (Starts[start] == Section && !await call.Text.TryReadAfterSpaceAsync(Call))
            return false;
        if (await call.Text.ReadWordAsync(c => c != '<') is not { } id || !await call.Text.TryReadAsync(Arguments))
            return false;
        id = id.Trim();
        int index = id.LastIndexOf(':');
        string name = index < 0 ? id : id[..index];
        const string space = "functions.";
        call.Begin(name.StartsWith(space, StringComparison.Ordinal) ? name[space.Length..] : name, id);
        await call.CopyJsonAsync(Closers);
        return true;
    }
}
