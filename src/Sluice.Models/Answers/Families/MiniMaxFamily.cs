using System.Text;
using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers.Families;

/// <summary>
/// MiniMax M3: elements for everything, objects and lists too, each tag behind a token of its own. What an element without children is
/// (a text, a number, an empty list) only the tool's schema knows.
/// </summary>
internal sealed class MiniMaxFamily : ICallForm
{
    public static readonly CallFamily Family = new(
        "minimax-m3", template => template.Contains(Mark, StringComparison.Ordinal), new MiniMaxFamily());

    private const string Mark = "]<]minimax[>[";
    private const int MaxDepth = 32;

    private static readonly Func<char, bool> InName = c => c is not ('>' or '"' or '<' or '\n');

    public IReadOnlyList<string> Starts { get; } = [Mark + "<tool_call>"];

    public IReadOnlyList<string> Closers { get; } = [Mark + "</tool_call>"];

    public async ReadTask<bool> ReadAsync(CallReading call, int start)
    {
        for (bool any = false; ; any = true)
        {
            await call.Text.SkipSpaceAsync();
            if (!await call.Text.TryReadWholeAsync(Mark + "<invoke name=\"") || !await ReadCallAsync(call))
                return any;
        }
    }

    private static async ReadTask<bool> ReadCallAsync(CallReading call)
    {
        if (await call.Text.ReadWordAsync(InName) is not { } name || !await call.Text.TryReadAsync("\">"))
            return false;
        call.Begin(name);
        var arguments = new ArgumentWriter(call);
        arguments.Open();
        while (!await call.Text.TryReadWholeAsync(Mark + "</invoke>"))
        {
            if (!await call.Text.TryReadWholeAsync(Mark + "<") || await call.Text.ReadWordAsync(InName) is not { } key
                || !await call.Text.TryReadAsync(">"))
            {
                if (await call.Text.SkipSpaceAsync() != AnswerText.End)
                    arguments.Close();
                return true;
            }
            arguments.Key(key);
            if (!await CopyElementAsync(call, key, call.Tools.Argument(name, key), call.Write, depth: 0))
                return true;
            await call.Text.SkipSpaceAsync();
        }
        arguments.Close();
        return true;
    }

    /// <summary>Copies an element up to behind its end tag; false where the text ends first, or it is too deep.</summary>
    private static async ReadTask<bool> CopyElementAsync(CallReading call, string name, ArgumentSchema schema, Action<char> give, int depth)
    {
        string end = $"{Mark}</{name}>";
        if (!schema.Allows("string"))
        {
            if (await call.Text.TryReadWholeAsync(end))
            {
                Give(schema.Allows("array") ? "[]" : schema.Allows("object") ? "{}" : "\"\"", give);
                return true;
            }
            if (depth < MaxDepth && await call.Text.TryReadWholeAsync(Mark + "<item>"))
                return await CopyItemsAsync(call, end, schema.Items(), give, depth + 1);
            if (depth < MaxDepth && await call.Text.TryReadWholeAsync(Mark + "<"))
                return await CopyMembersAsync(call, end, schema, give, depth + 1);
        }
        var value = new StringBuilder();
        if (await Scan.ForAsync(call.Text, [end], c => value.Append(c)) == Scan.None)
            return false;
        Give(schema.ToJson(value.ToString()), give);
        return true;
    }

    private static async ReadTask<bool> CopyItemsAsync(CallReading call, string end, ArgumentSchema items, Action<char> give, int depth)
    {
        give('[');
        for (bool any = false; ; any = true)
        {
            if (any)
                Give(", ", give);
            if (!await CopyElementAsync(call, "item", items, give, depth))
                return false;
            await call.Text.SkipSpaceAsync();
            if (await call.Text.TryReadWholeAsync(Mark + "<item>"))
                continue;
            give(']');
            return await call.Text.TryReadAsync(end);
        }
    }

    private static async ReadTask<bool> CopyMembersAsync(CallReading call, string end, ArgumentSchema schema, Action<char> give, int depth)
    {
        give('{');
        for (bool any = false; ; any = true)
        {
            if (await call.Text.ReadWordAsync(InName) is not { } key || !await call.Text.TryReadAsync(">"))
                return false;
            if (any)
                Give(", ", give);
            JsonEscape.Write(key, give);
            Give(": ", give);
            if (!await CopyElementAsync(call, key, schema.Property(key), give, depth))
                return false;
            await call.Text.SkipSpaceAsync();
            if (await call.Text.TryReadWholeAsync(end))
            {
                give('}');
                return true;
            }
            if (!await call.Text.TryReadWholeAsync(Mark + "<"))
                return false;
        }
    }

    private static void Give(string text, Action<char> give)
    {
        foreach (char c in text)
            give(c);
    }
}
