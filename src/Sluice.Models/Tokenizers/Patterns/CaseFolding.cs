using System.Globalization;
using System.Text;

namespace Sluice.Models.Tokenizers.Patterns;

/// <summary>Which code points are one letter but for their case: those that have one lower case once they are in upper case.</summary>
internal static class CaseFolding
{
    // No letter above has a case.
    private const int Limit = 0x1F000;

    private static readonly Lazy<ILookup<int, int>> ByFold = new(() =>
        Enumerable.Range(0, Limit).Where(rune => Rune.IsValid(rune) && CharUnicodeInfo.GetUnicodeCategory(rune) != UnicodeCategory.OtherLetter)
            .Where(rune => Fold(rune) != rune || Rune.ToUpperInvariant(new Rune(rune)).Value != rune)
            .ToLookup(Fold));

    /// <summary>The code point itself and its other cases.</summary>
    public static IEnumerable<RuneRange> Variants(int rune)
    {
        // The letters of English contractions, which is all that most patterns ask for, without going through the whole of Unicode.
        if (rune < 0x80)
        {
            int other = (rune | 0x20) switch { 's' => 0x17F, 'k' => 0x212A, _ => rune };
            return [(rune | 0x20, rune | 0x20), (rune & ~0x20, rune & ~0x20), (other, other)];
        }
        return Rune.IsValid(rune) ? ByFold.Value[Fold(rune)].Append(rune).Select(variant => new RuneRange(variant, variant)) : [(rune, rune)];
    }

    // The runtime gives the long s no upper case.
    private static int Fold(int rune) => rune == 0x17F ? 's' : Rune.ToLowerInvariant(Rune.ToUpperInvariant(new Rune(rune))).Value;
}
