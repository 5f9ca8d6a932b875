using Sluice.Core.Errors;

namespace Sluice.Models.Tokenizers.Patterns;

/// <summary>A regular expression that does not compile, or that uses what <see cref="Pattern"/> leaves out. Names the pattern and the place.</summary>
internal sealed class PatternException(string pattern, int position, string problem)
    : SluiceException($"regex '{Shorten(pattern)}': {problem} (at character {position})")
{
    private const int Shown = 120;

    private static string Shorten(string pattern)
    {
        string line = pattern.ReplaceLineEndings("\\n");
        return line.Length <= Shown ? line : line[..Shown] + "…";
    }
}
