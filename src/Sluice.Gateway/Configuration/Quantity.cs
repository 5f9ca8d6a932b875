using System.Globalization;

namespace Sluice.Gateway.Configuration;

/// <summary>Numbers with a unit, as the configuration writes them.</summary>
internal static class Quantity
{
    private static readonly (string Unit, double Factor)[] Seconds = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)];

    // As on the command line: powers of 1024.
    private static readonly (string Unit, double Factor)[] Bytes =
        [("KB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30), ("TB", 1L << 40), ("B", 1)];

    private static readonly (string Unit, double Factor)[] Share = [("%", 0.01)];

    /// <summary>Above nothing, up to 30 days.</summary>
    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        bool fits = TryParse(text, Seconds, out double seconds) && seconds is >= 0.001 and <= 30 * 86400;
        duration = fits ? TimeSpan.FromSeconds(seconds) : default;
        return fits;
    }

    /// <summary>At least one byte.</summary>
    public static bool TryParseBytes(string text, out long bytes)
    {
        bool fits = TryParse(text, Bytes, out double size) && size is >= 1 and < long.MaxValue;
        bytes = fits ? (long)size : 0;
        return fits;
    }

    /// <summary>From 0 % to 100 %, as 0 to 1.</summary>
    public static bool TryParseShare(string text, out double share) => TryParse(text, Share, out share) && share <= 1;

    private static bool TryParse(string text, (string Unit, double Factor)[] units, out double value)
    {
        foreach ((string unit, double factor) in units)
        {
            if (!text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
                continue;
            bool isNumber = double.TryParse(
                text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count);
            value = count * factor;
            return isNumber;
        }
        value = 0;
        return false;
    }
}
