using System.Numerics;
using System.Text;

namespace Sluice.Models.Grammars.Chars;

/// <summary>
/// A set of characters as walks over vocabularies compare them: the ASCII ones singly, all others as one. That bit is the last one, so
/// that the character DEL is in no set.
/// </summary>
internal readonly record struct CharMask(ulong Low, ulong High)
{
    public static readonly CharMask Others = new(0, 1UL << 63);

    public static readonly CharMask All = new(ulong.MaxValue, ulong.MaxValue);

    /// <summary>What a JSON string can hold as itself.</summary>
    public static readonly CharMask Unescaped = (All with { Low = ulong.MaxValue << ' ' }).Without('"').Without('\\');

    public bool IsEmpty => (Low | High) == 0;

    public int Count => BitOperations.PopCount(Low) + BitOperations.PopCount(High);

    public static CharMask operator |(CharMask a, CharMask b) => new(a.Low | b.Low, a.High | b.High);

    public static CharMask operator &(CharMask a, CharMask b) => new(a.Low & b.Low, a.High & b.High);

    public CharMask Without(char ascii) => Without(new CharArc(ascii, ascii, 0));

    public bool Contains(CharMask other) => ((other.Low & ~Low) | (other.High & ~High)) == 0;

    /// <summary>One character; empty for DEL.</summary>
    public static CharMask Of(Rune rune) => rune.Value > 0x7F ? Others : Ascii(rune.Value, rune.Value);

    /// <summary>All characters that lead on; the others only where none is missing.</summary>
    public static CharMask Of(ReadOnlySpan<CharArc> arcs)
    {
        var mask = default(CharMask);
        int others = 0;
        foreach (var arc in arcs)
        {
            if (arc.First <= 0x7F)
                mask |= Ascii(arc.First, Math.Min(arc.Last, 0x7F));
            others += Math.Max(0, arc.Last - Math.Max(arc.First, 0x80) + 1);
        }
        const int surrogates = 0xE000 - 0xD800;
        return others == CharSets.LastRune + 1 - 0x80 - surrogates ? mask | Others : mask;
    }

    /// <summary>Whether a set has any of the characters of an arc.</summary>
    public bool Meets(CharArc arc) => !(this & Touched(arc)).IsEmpty;

    /// <summary>A set without any of the characters of an arc.</summary>
    public CharMask Without(CharArc arc)
    {
        var touched = Touched(arc);
        return new CharMask(Low & ~touched.Low, High & ~touched.High);
    }

    private static CharMask Touched(CharArc arc) =>
        (arc.First <= 0x7F ? Ascii(arc.First, Math.Min(arc.Last, 0x7F)) : default) | (arc.Last > 0x7F ? Others : default);

    private static CharMask Ascii(int first, int last)
    {
        var all = (last == 0x7F ? UInt128.Zero : UInt128.One << (last + 1)) - (UInt128.One << first);
        return new CharMask((ulong)all, (ulong)(all >> 64) & ~Others.High);
    }
}
