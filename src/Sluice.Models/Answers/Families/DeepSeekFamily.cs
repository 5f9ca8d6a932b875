using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers.Families;

/// <summary>
/// DeepSeek V3, R1 and their distillates: <c>&lt;｜tool▁call▁begin｜&gt;function&lt;｜tool▁sep｜&gt;f</c>, then the arguments in a fence of
/// Markdown; V3.1 leaves out the kind of call and the fence.
/// </summary>
internal sealed class DeepSeekFamily : ICallForm
{
    public static readonly CallFamily Family = new(
        "deepseek", template => template.Contains("<｜tool▁call▁begin｜>", StringComparison.Ordinal), new DeepSeekFamily())
    {
        Spelling = new CallSpelling($"{Call}function{Separator}", "\n```json\n", "\n```<｜tool▁call▁end｜>", Next: "\n")
        {
            Section = (Section, "<｜tool▁calls▁end｜>"),
        },
    };

    private const string Section = "<｜tool▁calls▁begin｜>", Call = "<｜tool▁call▁begin｜>", Separator = "<｜tool▁sep｜>";

    public IReadOnlyList<string> Starts { get; } = [Section, Call];

    public IReadOnlyList<string> Closers { get; } = ["```", "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>"];

    public IEnumerable<string> Marks => [.. Starts, .. Closers, Separator];

    public async ReadTask<bool> ReadAsync(CallReading call, int start)
    {
        var text = call.Text;
        if (Starts[start] == Section && !await text.TryReadAfterSpaceAsync(Call))
            return false;
        string? name = await text.ReadWordAsync(c => c is not ('<' or '\n'));
        if (name is null || !await text.TryReadAsync(Separator))
            return false;
        if (name == "function")
            name = await text.ReadWordAsync(c => c is not ('<' or '\n'));
        if (name is null)
            return false;
        await text.SkipSpaceAsync();
        if (await text.TryReadWholeAsync("```"))
            await text.ReadWordAsync(char.IsAsciiLetter);
        if (await text.SkipSpaceAsync() != '{')
            return false;
        call.Begin(name.Trim());
        await call.CopyJsonAsync(Closers);
        return true;
    }
}
