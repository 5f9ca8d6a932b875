using System.Text;
using Sluice.Models.Answers.Reading;

namespace Sluice.Models.Answers.Forms;

/// <summary>
/// Calls as JSON objects with a name and arguments, one or a list of them, between marks. The commonest form: most families differ in the
/// marks alone.
/// </summary>
/// <param name="starts">What comes before the JSON.</param>
/// <param name="closers">What may come behind it.</param>
internal sealed class JsonCalls(string[] starts, string[] closers) : ICallForm
{
    private static readonly string[] NameKeys = ["name", "tool_name"];
    private static readonly string[] ArgumentKeys = ["arguments", "parameters"];
    private static readonly string[] IdKeys = ["id", "tool_call_id"];

    public IReadOnlyList<string> Starts { get; } = starts;

    public IReadOnlyList<string> Closers { get; } = closers;

    /// <summary>Whether the id stands behind the arguments, so that they wait for it.</summary>
    public bool EndsWithId { get; init; }

    /// <summary>Whether an object is a name and its arguments alone: <c>{"f": {…}}</c>.</summary>
    public bool NamesAreKeys { get; init; }

    /// <summary>Whether an object that names none of the tools is text, because nothing else marks it as a call.</summary>
    public bool OnlyKnown { get; init; }

    public async ReadTask<bool> ReadAsync(CallReading call, int start)
    {
        int c = await call.Text.SkipSpaceAsync();
        if (c is not ('{' or '['))
            return false;
        call.Text.Skip();
        return await (c == '{' ? ReadObjectAsync(call) : ReadListAsync(call));
    }

    /// <summary>Reads on behind the opening bracket.</summary>
    public async ReadTask<bool> ReadListAsync(CallReading call)
    {
        for (bool any = false; ;)
        {
            int c = await call.Text.SkipSpaceAsync();
            if (c is not ('{' or ',' or ']'))
                return any;
            call.Text.Skip();
            if (c == ']')
                return any;
            if (c == '{' && !await ReadObjectAsync(call))
                return any;
            any |= c == '{';
        }
    }

    /// <summary>Reads on behind the opening brace.</summary>
    public async ReadTask<bool> ReadObjectAsync(CallReading call)
    {
        string? name = null, id = null;
        StringBuilder? arguments = null;
        for (; ; )
        {
            int c = await call.Text.SkipSpaceAsync();
            if (c is '}' or ',')
            {
                call.Text.Skip();
                if (c == ',')
                    continue;
                return End(call, name, id, arguments);
            }
            if (await JsonScan.ReadStringAsync(call.Text) is not { } key || !await call.Text.TryReadAfterSpaceAsync(":"))
                return false;
            c = await call.Text.SkipSpaceAsync();
            if (NamesAreKeys)
                name = key;
            if (NameKeys.Contains(key) && c == '"')
            {
                name = await JsonScan.ReadStringAsync(call.Text);
                if (name is null || (OnlyKnown && !call.Tools.Has(name)))
                    return false;
            }
            else if (IdKeys.Contains(key) && c == '"')
            {
                id = await JsonScan.ReadStringAsync(call.Text);
            }
            else if (NamesAreKeys || ArgumentKeys.Contains(key))
            {
                if (name is not null && c == '{' && !EndsWithId)
                {
                    call.Begin(name, id);
                    return !await call.CopyJsonAsync(Closers) || await SkipRestAsync(call);
                }
                arguments = new StringBuilder();
                if (!await JsonScan.CopyAsync(call.Text, part => arguments.Append(part)))
                    return End(call, name, id, arguments);
            }
            else if ((OnlyKnown && name is null && key != "type") || !await JsonScan.CopyAsync(call.Text, static _ => { }))
            {
                return false;
            }
        }
    }

    /// <summary>The object ended without having begun a call: its arguments came before its name, or there are none.</summary>
    private static bool End(CallReading call, string? name, string? id, StringBuilder? arguments)
    {
        if (name is null)
            return false;
        call.Begin(name, id);
        string json = arguments?.ToString() ?? "";
        call.Write(json is "" or "null" ? "{}" : json[0] == '"' ? Unquoted(json) : json);
        return true;
    }

    /// <summary>Arguments that a model wrote as a string of JSON are meant as that JSON.</summary>
    private static string Unquoted(string json)
    {
        try
        {
            using var text = System.Text.Json.JsonDocument.Parse(json);
            string content = text.RootElement.GetString()!.Trim();
            return content.StartsWith('{') ? content : json;
        }
        catch (System.Text.Json.JsonException)
        {
            return json; // cut off in the middle
        }
    }

    /// <summary>What else the object has says nothing.</summary>
    private static async ReadTask<bool> SkipRestAsync(CallReading call)
    {
        while (await call.Text.SkipSpaceAsync() == ',')
        {
            call.Text.Skip();
            if (await JsonScan.ReadStringAsync(call.Text) is null || !await call.Text.TryReadAfterSpaceAsync(":")
                || !await JsonScan.CopyAsync(call.Text, static _ => { }))
            {
                return true;
            }
        }
        await call.Text.TryReadAsync("}");
        return true;
    }
}
