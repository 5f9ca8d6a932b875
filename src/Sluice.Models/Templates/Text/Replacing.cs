using System.Text;

namespace Sluice.Models.Templates.Text;

/// <summary>Python's str.replace.</summary>
internal static class Replacing
{
    /// <param name="max">How often at most; negative for always.</param>
    public static string Replace(string text, string old, string @new, int max, Rendering rendering)
    {
        rendering.Meter.Scan(text.Length);
        int limit = max < 0 ? int.MaxValue : max;
        int count = Math.Min(limit, old.Length == 0 ? CodePoints.Count(text) + 1 : text.AsSpan().Count(old));
        if (count == 0 || old == @new)
            return text;
        rendering.Meter.AllocateText(text.Length + (long)count * (@new.Length - old.Length));
        return old.Length == 0 ? Insert(text, @new, count) : Replace(text, old, @new, count);
    }

    private static string Replace(string text, string old, string @new, int count)
    {
        var result = new StringBuilder(text.Length);
        int start = 0;
        for (; count > 0; count--)
        {
            int at = text.IndexOf(old, start, StringComparison.Ordinal);
            result.Append(text, start, at - start).Append(@new);
            start = at + old.Length;
        }
        return result.Append(text, start, text.Length - start).ToString();
    }

    /// <summary>Before each character and at the end.</summary>
    private static string Insert(string text, string @new, int count)
    {
        var result = new StringBuilder(text.Length);
        foreach (string character in CodePoints.Each(text))
        {
            if (count-- > 0)
                result.Append(@new);
            result.Append(character);
        }
        return (count > 0 ? result.Append(@new) : result).ToString();
    }
}
