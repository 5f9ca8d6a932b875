using System.Globalization;

namespace Sluice.Models.Templates.Text;

/// <summary>
/// strftime in the C locale, with glibc's flags (`%-d` and the like). The time has no zone, as Python's datetime.now() has none.
/// </summary>
internal static class ClockFormat
{
    public static string Apply(string format, DateTimeOffset time, Rendering rendering)
    {
        rendering.Meter.AllocateElements(format.Length);
        int start = rendering.Output.Length;
        Write(format, time, rendering.Output);
        return rendering.Output.Cut(start);
    }

    private static void Write(string format, DateTimeOffset time, TextOutput output)
    {
        for (int at = 0; at < format.Length; at++)
        {
            if (format[at] != '%' || at + 1 >= format.Length)
            {
                output.Append(format[at]);
                continue;
            }
            char flag = at + 2 < format.Length && format[at + 1] is '-' or '_' or '0' or '^' or '#' ? format[++at] : '\0';
            string text = Directive(format[++at], time) ?? $"%{(flag == '\0' ? "" : flag)}{format[at]}";
            output.Append(Flagged(text, flag));
        }
    }

    private static string Flagged(string text, char flag) => flag switch
    {
        '-' => text.TrimStart('0', ' ') is { Length: > 0 } trimmed ? trimmed : text.Length > 0 ? text[^1..] : text,
        '_' => text.TrimStart('0') is { Length: > 0 } rest ? rest.PadLeft(text.Length) : "0".PadLeft(text.Length),
        '0' => text.Replace(' ', '0'),
        '^' => text.ToUpperInvariant(),
        '#' => text == "AM" || text == "PM" ? text.ToLowerInvariant() : text.ToUpperInvariant(),
        _ => text,
    };

    private static string? Directive(char directive, DateTimeOffset time) => directive switch
    {
        'a' => Invariant(time, "ddd"),
        'A' => Invariant(time, "dddd"),
        'b' or 'h' => Invariant(time, "MMM"),
        'B' => Invariant(time, "MMMM"),
        'c' => $"{Invariant(time, "ddd MMM")} {time.Day,2} {Invariant(time, "HH:mm:ss yyyy")}",
        'C' => $"{time.Year / 100:00}",
        'd' => $"{time.Day:00}",
        'D' or 'x' => Invariant(time, "MM/dd/yy"),
        'e' => $"{time.Day,2}",
        'f' => $"{time.Ticks / 10 % 1_000_000:000000}",
        'F' => Invariant(time, "yyyy-MM-dd"),
        'g' => $"{ISOWeek.GetYear(time.DateTime) % 100:00}",
        'G' => $"{ISOWeek.GetYear(time.DateTime)}",
        'H' => $"{time.Hour:00}",
        'I' => $"{Hour12(time):00}",
        'j' => $"{time.DayOfYear:000}",
        'k' => $"{time.Hour,2}",
        'l' => $"{Hour12(time),2}",
        'm' => $"{time.Month:00}",
        'M' => $"{time.Minute:00}",
        'n' => "\n",
        'p' => time.Hour < 12 ? "AM" : "PM",
        'P' => time.Hour < 12 ? "am" : "pm",
        'r' => $"{Hour12(time):00}:{Invariant(time, "mm:ss")} {(time.Hour < 12 ? "AM" : "PM")}",
        'R' => Invariant(time, "HH:mm"),
        's' => $"{time.ToUnixTimeSeconds()}",
        'S' => $"{time.Second:00}",
        't' => "\t",
        'T' or 'X' => Invariant(time, "HH:mm:ss"),
        'u' => $"{(time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek)}",
        'U' => $"{(time.DayOfYear + 6 - (int)time.DayOfWeek) / 7:00}",
        'V' => $"{ISOWeek.GetWeekOfYear(time.DateTime):00}",
        'w' => $"{(int)time.DayOfWeek}",
        'W' => $"{(time.DayOfYear + 6 - ((int)time.DayOfWeek + 6) % 7) / 7:00}",
        'y' => $"{time.Year % 100:00}",
        'Y' => $"{time.Year}",
        'z' or 'Z' => "",
        '%' => "%",
        _ => null,
    };

    private static int Hour12(DateTimeOffset time) => time.Hour % 12 == 0 ? 12 : time.Hour % 12;

    private static string Invariant(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
