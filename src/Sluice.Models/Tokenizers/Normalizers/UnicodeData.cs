using System.Buffers.Text;
using System.Globalization;

namespace Sluice.Models.Tokenizers.Normalizers;

/// <summary>
/// Decompositions, compositions and combining classes of Unicode. Of our own, because the runtime leaves text as it is where it runs without
/// ICU (invariant globalization). Parsed on first use.
/// </summary>
internal static partial class UnicodeData
{
    private const int HangulFirst = 0xAC00, HangulCount = 11172, LeadFirst = 0x1100, VowelFirst = 0x1161, TailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TailCount = 28;

    private static readonly Dictionary<(int First, int Second), int> Pairs = [];
    private static readonly HashSet<int> Seconds = [];
    private static readonly Dictionary<int, int[]> CanonicalForms = [];
    private static readonly Dictionary<int, int[]> CompatibleForms;
    private static readonly Dictionary<int, int> Classes = ParseClasses();

    static UnicodeData()
    {
        var steps = Parse(Canonical, Pairs);
        foreach (int rune in steps.Keys)
            CanonicalForms[rune] = Expand(rune, steps);
        CompatibleForms = Parse(Compatible, []);
        Seconds.UnionWith(Pairs.Keys.Select(pair => pair.Second));
    }

    /// <summary>The combining class; zero for what begins a sequence.</summary>
    public static int CombiningClass(int rune) => rune < 0x300 ? 0 : Classes.GetValueOrDefault(rune);

    /// <summary>Whether the code point may become one with what stands before it.</summary>
    public static bool MayCompose(int rune) =>
        rune >= 0x300 && (Seconds.Contains(rune) || rune is >= VowelFirst and < VowelFirst + VowelCount || rune is > TailBase and < TailBase + TailCount);

    /// <summary>Writes what a code point decomposes into, itself if it does not; returns how many.</summary>
    public static int Decompose(int rune, bool compatible, Span<int> target)
    {
        if (rune is >= HangulFirst and < HangulFirst + HangulCount)
        {
            int index = rune - HangulFirst, tail = index % TailCount;
            target[0] = LeadFirst + index / (VowelCount * TailCount);
            target[1] = VowelFirst + index % (VowelCount * TailCount) / TailCount;
            target[2] = TailBase + tail;
            return tail == 0 ? 2 : 3;
        }
        int[]? form = null;
        if (rune >= 0xA0 && (!compatible || !CompatibleForms.TryGetValue(rune, out form)))
            CanonicalForms.TryGetValue(rune, out form);
        if (form is null)
        {
            target[0] = rune;
            return 1;
        }
        form.CopyTo(target);
        return form.Length;
    }

    /// <summary>Longest sequence <see cref="Decompose"/> writes.</summary>
    public const int LongestForm = 18;

    /// <summary>The code point that two become, or -1.</summary>
    public static int Compose(int first, int second)
    {
        if (first is >= LeadFirst and < LeadFirst + LeadCount && second is >= VowelFirst and < VowelFirst + VowelCount)
            return HangulFirst + ((first - LeadFirst) * VowelCount + second - VowelFirst) * TailCount;
        if (first is >= HangulFirst and < HangulFirst + HangulCount && (first - HangulFirst) % TailCount == 0
            && second is > TailBase and < TailBase + TailCount)
            return first + second - TailBase;
        return Pairs.TryGetValue((first, second), out int composed) ? composed : -1;
    }

    private static int[] Expand(int rune, Dictionary<int, int[]> steps) =>
        steps.TryGetValue(rune, out int[]? parts) ? [.. parts.SelectMany(part => Expand(part, steps))] : [rune];

    /// <summary>Reads "[+]rune part part …," entries; those with a plus go to <paramref name="pairs"/> as well.</summary>
    private static Dictionary<int, int[]> Parse(ReadOnlySpan<byte> table, Dictionary<(int First, int Second), int> pairs)
    {
        var forms = new Dictionary<int, int[]>();
        Span<int> runes = stackalloc int[LongestForm + 1];
        foreach (var range in table.Split((byte)','))
        {
            var entry = table[range].Trim("\n"u8);
            if (entry.IsEmpty)
                continue;
            bool composes = entry[0] == '+';
            int count = 0;
            for (int at = composes ? 1 : 0; at < entry.Length && Utf8Parser.TryParse(entry[at..], out runes[count], out int consumed, 'X'); count++)
                at += consumed + 1;
            forms.Add(runes[0], runes[1..count].ToArray());
            if (composes)
                pairs.Add((runes[1], runes[2]), runes[0]);
        }
        return forms;
    }

    private static Dictionary<int, int> ParseClasses()
    {
        var classes = new Dictionary<int, int>();
        foreach (string line in CombiningClasses.Replace("\n ", " ", StringComparison.Ordinal).Split('\n'))
        {
            string[] parts = line.Split(':');
            foreach (string range in parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                string[] ends = range.Split('-');
                for (int rune = Hex(ends[0]); rune <= Hex(ends[^1]); rune++)
                    classes.Add(rune, int.Parse(parts[0], CultureInfo.InvariantCulture));
            }
        }
        return classes;
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
