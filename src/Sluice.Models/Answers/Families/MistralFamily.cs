using Sluice.Models.Answers.Forms;
using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers.Families;

/// <summary>
/// Mistral: <c>[TOOL_CALLS][{"name": …, "arguments": {…}, "id": …}]</c> until 2024, since then
/// <c>[TOOL_CALLS]f[CALL_ID]…[ARGS]{…}</c> for each call, in some releases without the id or without either tag.
/// </summary>
internal sealed class MistralFamily : ICallForm
{
    public static readonly CallFamily Family = new(
        "mistral", template => template.Contains("[TOOL_CALLS]", StringComparison.Ordinal), new MistralFamily())
    {
        ShortIds = true,
        Spelling = new CallSpelling("[TOOL_CALLS]", "[ARGS]", "", Next: ""),
    };

    private readonly JsonCalls _list = new([], []) { EndsWithId = true };

    public IReadOnlyList<string> Starts { get; } = ["[TOOL_CALLS]"];

    public IReadOnlyList<string> Closers { get; } = [];

    public IEnumerable<string> Marks => [.. Starts, .. Closers, "[CALL_ID]", "[ARGS]"];

    public async ReadTask<bool> ReadAsync(CallReading call, int start)
    {
        var text = call.Text;
        int c = await text.SkipSpaceAsync();
        if (c is '[' or '{')
            return await _list.ReadAsync(call, start);
        if (await text.ReadWordAsync(part => part is not ('[' or '{') && !char.IsWhiteSpace(part)) is not { } name)
            return false;
        string? id = null;
        if (await text.TryReadWholeAsync("[CALL_ID]"))
            id = await text.ReadWordAsync(char.IsAsciiLetterOrDigit);
        bool marked = await text.TryReadWholeAsync("[ARGS]");
        if (!marked && await text.SkipSpaceAsync() != '{')
            return false;
        call.Begin(name, id);
        await call.CopyJsonAsync(Starts);
        return true;
    }
}
