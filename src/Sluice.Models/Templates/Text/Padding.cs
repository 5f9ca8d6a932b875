using System.Text;

namespace Sluice.Models.Templates.Text;

/// <summary>Where text stands in a wider field.</summary>
internal enum Alignment
{
    Left,
    Center,
    Right,
}

/// <summary>Python's ways to fill text up to a width in code points.</summary>
internal static class Padding
{
    /// <param name="fill">One character.</param>
    public static string Pad(string text, int width, string fill, Alignment alignment, Rendering rendering)
    {
        int missing = width - CodePoints.Count(text);
        if (missing <= 0)
            return text;
        rendering.Meter.AllocateText(text.Length + (long)missing * fill.Length);
        int before = alignment switch
        {
            Alignment.Left => 0,
            Alignment.Right => missing,
            // CPython's str.center puts the odd one before the text only where the width is odd.
            _ => missing / 2 + (missing & width & 1),
        };
        return string.Concat(Repeat(fill, before), text, Repeat(fill, missing - before));
    }

    public static string Repeat(string text, int count) => text.Length == 1
        ? new string(text[0], count)
        : new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    /// <summary>Zeros between the sign and the digits.</summary>
    public static string ZeroFill(string text, int width, Rendering rendering)
    {
        int sign = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        return text[..sign] + Pad(text[sign..], width - sign, "0", Alignment.Right, rendering);
    }

    public static string ExpandTabs(string text, int size, Rendering rendering)
    {
        int start = rendering.Output.Length, column = 0;
        foreach (char character in text)
        {
            if (character == '\t')
            {
                int spaces = size > 0 ? size - column % size : 0;
                rendering.Output.Append(' ', spaces);
                column += spaces;
                continue;
            }
            column = character is '\n' or '\r' ? 0 : column + 1;
            rendering.Output.Append(character);
        }
        return rendering.Output.Cut(start);
    }
}
