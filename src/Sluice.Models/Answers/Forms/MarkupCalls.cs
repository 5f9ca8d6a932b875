using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers.Forms;

/// <summary>
/// Calls as elements with an element for each argument, whose text is the value: as it stands where the tool wants a text, as JSON
/// otherwise. Without quotes a text ends only at its end tag, so it may hold anything else.
/// </summary>
internal sealed record MarkupCalls : ICallForm
{
    private static readonly Func<char, bool> InName = c => c is not ('"' or '>' or '<' or '\n');

    /// <summary>What a call, or a section of calls, begins with; <see cref="Call"/> itself where calls stand alone too.</summary>
    public required IReadOnlyList<string> Starts { get; init; }

    /// <summary>Before the name of a tool, and behind it.</summary>
    public required (string Before, string After) Call { get; init; }

    /// <summary>Before the name of an argument; attributes may follow the name up to the tag's end.</summary>
    public required string Argument { get; init; }

    public required string ArgumentEnd { get; init; }

    public required string CallEnd { get; init; }

    public required IReadOnlyList<string> Closers { get; init; }

    /// <summary>Whether values stand on lines of their own.</summary>
    public bool OnLines { get; init; }

    /// <summary>Whether only a section that ends is one of calls: these families' own readers take any other as text.</summary>
    public string? SectionEnd { get; init; }

    public async ReadTask<bool> ReadAsync(CallReading call, int start)
    {
        if (Starts[start] == Call.Before)
            return await ReadCallAsync(call, onlyKnown: true) is not null;
        if (SectionEnd is not null)
            call.Hold();
        bool any = false, whole = true;
        while (whole && await TryReadCallStartAsync(call))
        {
            bool? read = await ReadCallAsync(call, onlyKnown: false);
            any |= read is not null;
            whole = read == true;
        }
        if (SectionEnd is null)
            return any;
        if (any && (whole && await call.Text.TryReadAfterSpaceAsync(SectionEnd) || call.Text.IsCut && await call.Text.Peek() == AnswerText.End))
        {
            call.Release();
            return true;
        }
        call.Drop();
        return false;
    }

    private async ReadTask<bool> TryReadCallStartAsync(CallReading call)
    {
        await call.Text.SkipSpaceAsync();
        return await call.Text.TryReadWholeAsync(Call.Before);
    }

    /// <summary>Whether the call is well formed to its end; null where none began.</summary>
    private async ReadTask<bool?> ReadCallAsync(CallReading call, bool onlyKnown)
    {
        if (await call.Text.ReadWordAsync(InName) is not { } name || !await call.Text.TryReadAsync(Call.After)
            || (onlyKnown && !call.Tools.Has(name)))
        {
            return null;
        }
        call.Begin(name);
        var arguments = new ArgumentWriter(call);
        arguments.Open();
        for (; ; )
        {
            if (await call.Text.SkipSpaceAsync() == AnswerText.End)
                return false;
            if (await call.Text.TryReadWholeAsync(CallEnd))
            {
                arguments.Close();
                return true;
            }
            if (!await call.Text.TryReadWholeAsync(Argument))
            {
                arguments.Close(); // what follows is no part of it
                return false;
            }
            if (!await TryReadArgumentAsync(call, name, arguments))
                return false;
        }
    }

    /// <summary>False where the text ended first.</summary>
    private async ReadTask<bool> TryReadArgumentAsync(CallReading call, string tool, ArgumentWriter arguments)
    {
        var text = call.Text;
        if (await text.ReadWordAsync(InName) is not { } key)
            return false;
        string attributes = await text.ReadWordAsync(c => c != '>') ?? "";
        if (!await text.TryReadAsync(">"))
            return false;
        arguments.Key(key);
        var schema = call.Tools.Argument(tool, key);
        bool isJson = attributes.Contains("string=\"false\"", StringComparison.Ordinal);
        bool isText = attributes.Contains("string=\"true\"", StringComparison.Ordinal) || (!isJson && schema.IsText);
        bool quoted = await text.TryReadWholeAsync("<![CDATA[");
        string[] ends = quoted ? ["]]>" + ArgumentEnd] : OnLines ? ["\n" + ArgumentEnd, ArgumentEnd] : [ArgumentEnd];
        if (OnLines)
            await text.TryReadWholeAsync("\n");
        return await arguments.TryCopyAsync(ends, isText, isJson ? ArgumentSchema.AsJson : schema.ToJson);
    }
}
