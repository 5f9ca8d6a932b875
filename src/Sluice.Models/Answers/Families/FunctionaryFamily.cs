using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers.Families;

/// <summary>Functionary 3.1, and Llama 3 where it was told to: <c>&lt;function=f&gt;{…}&lt;/function&gt;</c>.</summary>
internal sealed class FunctionaryFamily : ICallForm
{
    public static readonly CallFamily Family = new(
        "functionary", template => template.Contains("<function=", StringComparison.Ordinal), new FunctionaryFamily())
    {
        Spelling = new CallSpelling("<function=", ">", "</function>", Next: "\n"),
    };

    public IReadOnlyList<string> Starts { get; } = ["<function="];

    public IReadOnlyList<string> Closers { get; } = ["</function>"];

    public async ReadTask<bool> ReadAsync(CallReading call, int start)
    {
        if (await call.Text.ReadWordAsync(c => c is not ('>' or '<' or '{' or '\n')) is not { } name || !call.Tools.Has(name)
            || !await call.Text.TryReadAsync(">") || await call.Text.SkipSpaceAsync() != '{')
        {
            return false;
        }
        call.Begin(name);
        await call.CopyJsonAsync(Closers);
        return true;
    }
}
