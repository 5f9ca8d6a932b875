namespace Sluice.Pipe.Records;

/// <summary>Text for one line of output: each line end within it becomes a space.</summary>
public static class OneLine
{
    public static string Of(string text) => text.AsSpan().IndexOfAny('\r', '\n') < 0
        ? text
        : text.Replace("\r\n", " ", StringComparison.Ordinal).Replace('\n', ' ').Replace('\r', ' ');
}
