using System.Text;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Records;

namespace Sluice.Pipe.Likeness;

/// <summary>Records are the same whose text is: exactly, or but for case, punctuation and white space.</summary>
public sealed class NormalizedLikeness(bool exactly) : ILikeness
{
    public QuestionKey KeyOf(Record record) => QuestionKey.Of(Encoding.UTF8.GetBytes(exactly ? record.Text : Normalize(record.Text)));

    internal static string Normalize(string text)
    {
        var normal = new StringBuilder(text.Length);
        bool gap = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.IsSymbol(rune))
            {
                if (gap && normal.Length > 0)
                    normal.Append(' ');
                normal.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            gap = !(Rune.IsLetterOrDigit(rune) || Rune.IsSymbol(rune));
        }
        return normal.ToString();
    }
}
