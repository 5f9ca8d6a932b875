using System.Globalization;

namespace Sluice.Models.Tokenizers.Patterns;

/// <summary>Scripts and a few properties of code points. Parsed on first use, for few tokenizers ask.</summary>
internal static partial class UnicodeSets
{
    private static readonly Lazy<Dictionary<string, RuneRange[]>> ByScript = new(() => Parse(Scripts));
    private static readonly Lazy<Dictionary<string, RuneRange[]>> ByProperty = new(() => Parse(Properties));
    private static readonly Lazy<(int First, int Last, string Script)[]> ByRune = new(Order);

    /// <summary>The code points of a script named in lower case without spaces or underscores, or null.</summary>
    public static RuneRange[]? Script(string name) => ByScript.Value.GetValueOrDefault(name);

    /// <summary>The code points of a property named likewise, which must be known.</summary>
    public static RuneRange[] Property(string name) => ByProperty.Value[name];

    /// <summary>The script of a code point in lower case; empty where none is assigned.</summary>
    public static string ScriptOf(int rune)
    {
        var table = ByRune.Value;
        int low = 0, high = table.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            if (rune < table[middle].First)
                high = middle - 1;
            else if (rune > table[middle].Last)
                low = middle + 1;
            else
                return table[middle].Script;
        }
        return "";
    }

    private static (int First, int Last, string Script)[] Order() =>
        [.. ByScript.Value.SelectMany(script => script.Value.Select(range => (range.First, range.Last, script.Key))).OrderBy(range => range.First)];

    private static Dictionary<string, RuneRange[]> Parse(string table)
    {
        var sets = new Dictionary<string, RuneRange[]>();
        foreach (string line in table.Replace("\n  ", " ", StringComparison.Ordinal).Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            sets.Add(words[0].Replace("_", "", StringComparison.Ordinal).ToLowerInvariant(), [.. words.Skip(1).Select(ParseRange)]);
        }
        return sets;
    }

    private static RuneRange ParseRange(string word)
    {
        string[] ends = word.Split('-');
        int first = int.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (first, ends.Length == 1 ? first : int.Parse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
