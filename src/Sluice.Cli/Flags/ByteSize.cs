using System.Globalization;

namespace Sluice.Cli.Flags;

/// <summary>Sizes of memory as people write and read them: K, M, G and T are powers of 1024.</summary>
internal static class ByteSize
{
    private const string Units = "KMGT";

    /// <summary>A positive size: a number with at most one unit, in either case; iB or B may follow (512M, 1.5G, 4GiB, 100000).</summary>
    public static bool TryParse(string text, out long bytes)
    {
        string number = text.TrimEnd('b', 'B');
        number = text.Length - number.Length <= 1 ? number.TrimEnd('i') : text;
        int unit = number.Length > 0 ? Units.IndexOf(char.ToUpperInvariant(number[^1]), StringComparison.Ordinal) : -1;
        bool isNumber = double.TryParse(
            unit < 0 ? number : number[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count);
        double size = count * Math.Pow(1024, unit + 1);
        bool fits = isNumber && size is >= 1 and < long.MaxValue;
        bytes = fits ? (long)size : 0;
        return fits;
    }

    /// <summary>With the greatest unit that leaves a whole number before the point, such as 1.5 GiB.</summary>
    public static string Format(long bytes)
    {
        double count = bytes;
        int unit = -1;
        for (; count >= 1024 && unit + 1 < Units.Length; unit++)
            count /= 1024;
        return unit < 0 ? $"{bytes} bytes" : string.Create(CultureInfo.InvariantCulture, $"{count:0.#} {Units[unit]}iB");
    }
}
