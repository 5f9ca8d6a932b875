using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers.Forms;

/// <summary>Calls as Python writes them: a list of <c>f(a=1, b="x")</c> between marks.</summary>
internal sealed class PythonCalls(string[] starts, string[] closers) : ICallForm
{
    private static readonly LooseValues Values = new(["\"", "'"], escapes: true);

    public IReadOnlyList<string> Starts { get; } = starts;

    public IReadOnlyList<string> Closers { get; } = closers;

    /// <summary>Whether what names none of the tools is text, because nothing else marks it as a call.</summary>
    public bool OnlyKnown { get; init; }

    public async ReadTask<bool> ReadAsync(CallReading call, int start)
    {
        if (!await call.Text.TryReadAfterSpaceAsync("["))
            return false;
        for (bool any = false; ;)
        {
            int c = await call.Text.SkipSpaceAsync();
            if (c == ']')
                call.Text.Skip();
            if (c is ']' or AnswerText.End)
                return any;
            if (c == ',' && any)
                call.Text.Skip();
            if (!await ReadOneAsync(call))
                return any;
            any = true;
        }
    }

    /// <summary>Reads one call, without what stands around it.</summary>
    public async ReadTask<bool> ReadOneAsync(CallReading call)
    {
        await call.Text.SkipSpaceAsync();
        if (await call.Text.ReadWordAsync(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '-') is not { } name
            || !await call.Text.TryReadAsync("("))
        {
            return false;
        }
        const string builtIn = ".call"; // Llama's way to call what it was trained on
        if (OnlyKnown && name.EndsWith(builtIn, StringComparison.Ordinal))
            name = name[..^builtIn.Length];
        if (OnlyKnown && !call.Tools.Has(name))
            return false;
        call.Begin(name);
        var arguments = new ArgumentWriter(call);
        arguments.Open();
        while (await call.Text.SkipSpaceAsync() is var c && c != ')')
        {
            if (c == ',')
                call.Text.Skip();
            await call.Text.SkipSpaceAsync();
            string? key = await call.Text.ReadWordAsync(part => char.IsLetterOrDigit(part) || part is '_' or '-');
            if (key is null || !await call.Text.TryReadAfterSpaceAsync("="))
                break;
            arguments.Key(key);
            if (!await Values.CopyAsync(call.Text, call.Write))
                break;
        }
        if (await call.Text.Peek() == ')')
        {
            call.Text.Skip();
            arguments.Close();
        }
        else
        {
            await call.CopyRestAsync(Closers);
        }
        return true;
    }
}
