using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Sluice.Cli.Flags;

/// <summary>Options with a range, whose errors name the option, the range and what was given.</summary>
internal static class Flag
{
    public static Option<int?> Integer(string name, string description, int least, int most, params string[] aliases) =>
        Ranged(name, description, least, most, aliases, "a whole number", "N");

    public static Option<long?> Long(string name, string description, params string[] aliases) =>
        Ranged(name, description, long.MinValue, long.MaxValue, aliases, "a whole number", "N");

    public static Option<float?> Number(string name, string description, float least, float most, params string[] aliases) =>
        Ranged(name, description, least, most, aliases, "a number", "X");

    /// <summary>A size: bytes, or K, M, G and T of 1024.</summary>
    public static Option<long?> Bytes(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = result =>
        {
            if (ByteSize.TryParse(result.Tokens[0].Value, out long bytes))
                return bytes;
            result.AddError($"{name} takes a size such as 512M or 4G, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (Flags.Duration.TryParse(result.Tokens[0].Value, out TimeSpan duration))
                return duration;
            result.AddError($"{name} takes a time such as 90s, 10m or 2h, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    public static Option<string?> Text(string name, string description, string helpName, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = helpName };

    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    /// <summary>Several whole numbers, separated by commas.</summary>
    public static Option<int[]> Integers(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N,…",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            var numbers = new List<int>();
            foreach (string part in text.Split(','))
            {
                if (!Parse(part.Trim(), least, most, out int number))
                {
                    result.AddError($"{name} takes whole numbers{Range(least, most)} with commas between them, not '{text}'.");
                    return [];
                }
                numbers.Add(number);
            }
            return [.. numbers];
        },
    };

    /// <summary>One word of a fixed list.</summary>
    public static Option<T?> Choice<T>(string name, string description, params (string Word, T Value)[] choices) where T : struct =>
        Choice(name, description, [], choices);

    public static Option<T?> Choice<T>(string name, string description, string[] aliases, params (string Word, T Value)[] choices)
        where T : struct => new(name, aliases)
        {
            Description = description,
            HelpName = string.Join('|', choices.Select(choice => choice.Word)),
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                foreach (var (word, value) in choices)
                {
                    if (string.Equals(word, text, StringComparison.OrdinalIgnoreCase))
                        return value;
                }
                result.AddError($"{name} takes {string.Join(" or ", choices.Select(choice => choice.Word))}, not '{text}'.");
                return null;
            },
        };

    /// <summary>For arguments: the parser takes an option that it does not know for one of them. A text with spaces in it may begin as it likes.</summary>
    public static void RefuseOptions(ArgumentResult result)
    {
        if (result.Tokens.FirstOrDefault(token => token.Value is ['-', _, ..] && !token.Value.Contains(' ', StringComparison.Ordinal)) is { } option)
            result.AddError($"Unknown option '{option.Value}'.");
    }

    private static Option<T?> Ranged<T>(string name, string description, T least, T most, string[] aliases, string kind, string helpName)
        where T : struct, INumber<T>, IMinMaxValue<T> => new(name, aliases)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => ParseRanged(result, name, kind, least, most),
        };

    private static T? ParseRanged<T>(ArgumentResult result, string name, string kind, T least, T most)
        where T : struct, INumber<T>, IMinMaxValue<T>
    {
        string text = result.Tokens[0].Value;
        if (Parse(text, least, most, out T number))
            return number;
        result.AddError($"{name} takes {kind}{Range(least, most)}, not '{text}'.");
        return null;
    }

    private static bool Parse<T>(string text, T least, T most, out T number) where T : INumber<T> =>
        T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number!) && number >= least && number <= most;

    private static string Range<T>(T least, T most) where T : INumber<T>, IMinMaxValue<T> =>
        most < T.MaxValue ? $" from {least} to {most}" : least > T.MinValue ? $" of at least {least}" : "";
}
