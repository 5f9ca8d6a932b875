using System.Globalization;

namespace Sluice.Cli.Flags;

/// <summary>Stretches of time as people write them: 90s, 10m, 1.5h; a bare number is seconds.</summary>
internal static class Duration
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Above nothing, up to 30 days.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        double unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        bool isNumber = double.TryParse(
            unit > 0 ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count);
        double seconds = count * Math.Max(unit, 1);
        bool fits = isNumber && seconds > 0 && seconds <= Longest.TotalSeconds;
        duration = fits ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        return fits;
    }

    public static string Format(TimeSpan duration) => duration switch
    {
        { TotalHours: >= 2 } => $"{duration.TotalHours:0.##} h",
        { TotalMinutes: >= 2 } => $"{duration.TotalMinutes:0.##} min",
        _ => $"{duration.TotalSeconds:0.##} s",
    };
}
