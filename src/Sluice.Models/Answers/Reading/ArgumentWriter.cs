namespace Sluice.Models.Answers.Reading;

/// <summary>Writes the arguments of a call, one by one, for forms that do not write them as JSON.</summary>
internal sealed class ArgumentWriter(CallReading call)
{
    private readonly Action<char> _give = call.Write;
    private bool _any;

    public void Open() => call.Write('{');

    public void Close() => call.Write('}');

    /// <summary>Names the next argument.</summary>
    public void Key(string key)
    {
        if (_any)
            call.Write(", ");
        _any = true;
        JsonEscape.Write(key, _give);
        call.Write(": ");
    }

    /// <summary>The value is a text and comes in pieces between two of these.</summary>
    public void Quote() => call.Write('"');

    public void Text(char c) => JsonEscape.Write(c, _give);

    public void Json(string value) => call.Write(value);
}
