using System.Globalization;

namespace Sluice.Pipe.Flow;

/// <summary>When failures end a run.</summary>
/// <param name="Now">Requests in flight are given up; else they are waited for and nothing new begins.</param>
/// <param name="Failures">So many, or null.</param>
/// <param name="Percent">Such a share of the records that ended, or null. It counts once there were enough of them for the share to
/// mean something.</param>
public sealed record HaltRule(bool Now, long? Failures, double? Percent)
{
    private const int LeastEnded = 10;

    public const string Form = "now,fail=N, now,fail=N%, soon,fail=N or soon,fail=N%";

    /// <summary>Reads <see cref="Form"/>; null where it is something else.</summary>
    public static HaltRule? Parse(string text)
    {
        string[] parts = text.Split(',');
        if (parts is not ["now" or "soon", var what] || !what.StartsWith("fail=", StringComparison.Ordinal))
            return null;
        string number = what["fail=".Length..];
        bool isPercent = number.EndsWith('%');
        bool valid = double.TryParse(
                isPercent ? number[..^1] : number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)
            && (isPercent ? count is > 0 and <= 100 : count >= 1 && count == Math.Floor(count) && count < long.MaxValue);
        return valid ? new HaltRule(parts[0] == "now", isPercent ? null : (long)count, isPercent ? count : null) : null;
    }

    public bool IsMet(long failed, long ended) =>
        failed >= Failures || (Percent is { } percent && ended >= Math.Max(LeastEnded, 100 / percent) && failed * 100.0 >= percent * ended);
}
