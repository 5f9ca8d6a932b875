using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;

namespace Sluice.Gateway.Sources;

/// <summary>
/// When a source's limits are lifted, by the headers that say so without a standard: a point in time in seconds or milliseconds, seconds from
/// now, or lengths of time such as <c>6m0s</c>.
/// </summary>
internal static class RateLimitReset
{
    // Whoever misread one of the forms would wait for years.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private const double FirstMilliseconds = 1e11, FirstSeconds = 1e8;

    private static readonly SearchValues<char> NumberChars = SearchValues.Create("0123456789.");

    private static readonly string[] Names =
        ["x-ratelimit-reset", "ratelimit-reset", "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens"];

    /// <summary>
    /// How long to wait, a minute at most; null where no header says anything that makes sense. Of several the longest: which of its limits
    /// ran out, a source does not say.
    /// </summary>
    public static TimeSpan? Find(HttpResponseHeaders headers, TimeProvider time)
    {
        TimeSpan? longest = null;
        foreach (string name in Names)
        {
            if (headers.TryGetValues(name, out IEnumerable<string>? values) && Read(values.FirstOrDefault() ?? "", time.GetUtcNow()) is { } wait
                && !(wait <= longest))
                longest = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait;
        }
        return longest;
    }

    private static TimeSpan? Read(string value, DateTimeOffset now)
    {
        if (!double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            return ReadLength(value);
        double seconds = number >= FirstMilliseconds ? (number - now.ToUnixTimeMilliseconds()) / 1000
            : number >= FirstSeconds ? number - (now.ToUnixTimeMilliseconds() / 1000.0)
            : number;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, -1, Longest.TotalSeconds));
    }

    /// <summary>Go's way to write a length: <c>1h2m3.5s</c>, <c>20ms</c>.</summary>
    private static TimeSpan? ReadLength(ReadOnlySpan<char> text)
    {
        double seconds = 0;
        if (text.IsEmpty)
            return null;
        while (!text.IsEmpty)
        {
            int digits = text.IndexOfAnyExcept(NumberChars);
            if (digits <= 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
                return null;
            text = text[digits..];
            (double unit, int length) = text.StartsWith("ms", StringComparison.Ordinal) ? (0.001, 2)
                : text[0] switch { 'h' => (3600, 1), 'm' => (60, 1), 's' => (1, 1), _ => (0, 0) };
            if (length == 0)
                return null;
            seconds += number * unit;
            text = text[length..];
        }
        return TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds));
    }
}
