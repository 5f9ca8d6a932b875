using Sluice.Models.Answers.Forms;
using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers.Families;

/// <summary>Gemma 4: <c>&lt;|tool_call&gt;call:f{a:&lt;|"|&gt;text&lt;|"|&gt;,b:1}&lt;tool_call|&gt;</c>, with bare keys.</summary>
internal sealed class GemmaFamily : ICallForm
{
    public static readonly CallFamily Family = new(
        "gemma4", template => template.Contains("<|tool_call>", StringComparison.Ordinal), new GemmaFamily());

    private const string Quote = "<|\"|>";

    private static readonly LooseValues Values = new([Quote, "\""], escapes: false);

    public IReadOnlyList<string> Starts { get; } = ["<|tool_call>"];

    public IReadOnlyList<string> Closers { get; } = ["<tool_call|>"];

    public IEnumerable<string> Marks => [.. Starts, .. Closers, Quote];

    public async ReadTask<bool> ReadAsync(CallReading call, int start)
    {
        if (!await call.Text.TryReadAfterSpaceAsync("call:")
            || await call.Text.ReadWordAsync(c => c is not ('{' or '<' or '\n')) is not { } name || await call.Text.Peek() != '{')
        {
            return false;
        }
        call.Begin(name.Trim());
        if (!await Values.CopyDictionaryAsync(call.Text, call.Write, depth: 0))
            await call.CopyRestAsync(Closers);
        return true;
    }
}
