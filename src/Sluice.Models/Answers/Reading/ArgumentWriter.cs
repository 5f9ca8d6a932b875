using System.Text;

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

    /// <summary>Copies a value without quotes, up to behind its end; false where the text ends first.</summary>
    /// <param name="ends">What it may end with.</param>
    /// <param name="isText">Whether it is a text as it stands, so that it can be given out as it comes.</param>
    /// <param name="toJson">What any other is as JSON.</param>
    public async ReadTask<bool> TryCopyAsync(IReadOnlyList<string> ends, bool isText, Func<string, string> toJson)
    {
        if (isText)
        {
            call.Write('"');
            if (await Scan.ForAsync(call.Text, ends, c => JsonEscape.Write(c, _give)) == Scan.None)
                return false;
            call.Write('"');
            return true;
        }
        var value = new StringBuilder();
        if (await Scan.ForAsync(call.Text, ends, c => value.Append(c)) == Scan.None)
            return false;
        call.Write(toJson(value.ToString()));
        return true;
    }
}
