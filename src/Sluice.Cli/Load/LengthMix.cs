using System.Globalization;

namespace Sluice.Cli.Load;

/// <summary>
/// Lengths in tokens, drawn from weighted ranges: <c>64-256:3,1024</c> gives three of four requests 64 to 256 tokens and the rest 1,024.
/// </summary>
internal sealed class LengthMix
{
    public const string Form = "lengths as 128, 64-256, or several with weights, 64-256:3,1024:1";

    private const int Longest = 1 << 20;
    private readonly double _weights;

    private LengthMix(IReadOnlyList<LengthRange> ranges)
    {
        Ranges = ranges;
        _weights = ranges.Sum(range => range.Weight);
    }

    public IReadOnlyList<LengthRange> Ranges { get; }

    /// <summary>The mix in the form it is written in; null where it is none.</summary>
    public static LengthMix? Parse(string text)
    {
        LengthRange?[] ranges = [.. text.Split(',').Select(ParseRange)];
        return ranges.Contains(null) ? null : new LengthMix([.. ranges.Select(range => range!)]);
    }

    /// <summary>One length and the place of the range that it came from.</summary>
    public (int Tokens, int Range) Draw(Random random)
    {
        double at = random.NextDouble() * _weights;
        int drawn = 0;
        while (drawn < Ranges.Count - 1 && at >= Ranges[drawn].Weight)
            at -= Ranges[drawn++].Weight;
        return (random.Next(Ranges[drawn].Least, Ranges[drawn].Most + 1), drawn);
    }

    public override string ToString() =>
        Ranges is [var only] ? only.ToString() : string.Join(',', Ranges.Select(range => $"{range}:{range.Weight}"));

    private static LengthRange? ParseRange(string text)
    {
        string[] weighted = text.Split(':');
        string[] ends = weighted[0].Split('-');
        double weight = 1;
        if (weighted.Length > 2 || ends.Length > 2 || !Tokens(ends[0], out int least) || !Tokens(ends[^1], out int most) || least > most)
            return null;
        if (weighted.Length == 2 && !Weight(weighted[1], out weight))
            return null;
        return new LengthRange(least, most, weight);
    }

    private static bool Weight(string text, out double weight) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out weight) && weight is > 0 and < 1e9;

    private static bool Tokens(string text, out int tokens) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out tokens) && tokens is >= 1 and <= Longest;
}
