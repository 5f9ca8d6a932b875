using System.Text;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Text;

/// <summary>Python's view of text as code points. Where they are as many as UTF-16 units, indices coincide.</summary>
internal static class CodePoints
{
    public static int Count(ReadOnlySpan<char> text)
    {
        int pairs = 0;
        for (int at = text.IndexOfAnyInRange('\uD800', '\uDBFF'); at >= 0 && at < text.Length - 1; at++)
        {
            if (char.IsSurrogatePair(text[at], text[at + 1]))
                pairs++;
            int next = text[(at + 1)..].IndexOfAnyInRange('\uD800', '\uDBFF');
            if (next < 0)
                break;
            at += next;
        }
        return text.Length - pairs;
    }

    /// <summary>Each code point as a text of its own.</summary>
    public static IEnumerable<string> Each(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            int size = Size(text, at);
            yield return text.Substring(at, size);
            at += size;
        }
    }

    /// <summary>Where each code point starts in UTF-16, and where the text ends.</summary>
    /// <param name="count">The text's length in code points.</param>
    public static int[] Offsets(string text, int count)
    {
        var offsets = new int[count + 1];
        for (int i = 0; i < count; i++)
            offsets[i + 1] = offsets[i] + Size(text, offsets[i]);
        return offsets;
    }

    /// <param name="count">The text's length in code points.</param>
    public static string Slice(string text, int count, SliceBounds bounds)
    {
        (int start, int step, int length) = bounds.Over(count);
        if (length == 0)
            return "";
        if (step == 1)
        {
            int from = Offset(text, count, start);
            return text[from..Offset(text, count, start + length)];
        }
        if (count == text.Length)
            return string.Create(length, (text, start, step), (span, source) =>
            {
                for (int i = 0; i < span.Length; i++)
                    span[i] = source.text[source.start + i * source.step];
            });
        string[] points = [.. Each(text)];
        var selected = new StringBuilder(length * 2);
        for (int i = 0; i < length; i++)
            selected.Append(points[start + i * step]);
        return selected.ToString();
    }

    /// <summary>Order of code points, which differs from UTF-16's between pairs and the characters above the surrogates.</summary>
    public static int Compare(string left, string right)
    {
        int same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
            return left.Length.CompareTo(right.Length);
        char a = left[same], b = right[same];
        bool aPair = char.IsSurrogate(a), bPair = char.IsSurrogate(b);
        return aPair == bPair ? a.CompareTo(b) : aPair ? 1 : -1;
    }

    /// <summary>Where the code point of this index starts in UTF-16.</summary>
    private static int Offset(string text, int count, int index)
    {
        if (count == text.Length)
            return index;
        int at = 0;
        for (int i = 0; i < index && at < text.Length; i++)
            at += Size(text, at);
        return at;
    }

    private static int Size(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
}
