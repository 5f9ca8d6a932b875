using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Text;

/// <summary>Python's `format % values`.</summary>
internal sealed partial class PercentFormat(Value values, Rendering rendering)
{
    private readonly Value[] _positional = values is TupleValue tuple ? tuple.Items : [values];
    private int _used;

    public static string Apply(string format, Value values, Rendering rendering) => new PercentFormat(values, rendering).Expand(format);

    // Python's lengths h, l and L mean nothing there either.
    [GeneratedRegex(@"\G%(?:\((?<name>[^)]*)\))?(?<flags>[-+ #0]*)(?<width>\*|\d+)?(?:\.(?<precision>\*|\d*))?[hlL]?(?<type>[\s\S])")]
    private static partial Regex Pattern();

    private string Expand(string format)
    {
        rendering.Meter.AllocateText(format.Length);
        var result = new StringBuilder(format.Length);
        for (int at = 0; at < format.Length;)
        {
            int percent = format.IndexOf('%', at);
            if (percent < 0)
            {
                result.Append(format, at, format.Length - at);
                break;
            }
            result.Append(format, at, percent - at);
            Match match = Pattern().Match(format, percent);
            if (!match.Success)
                throw new TemplateFault("incomplete format");
            string text = Convert(match);
            rendering.Meter.AllocateText(result.Length + (long)text.Length);
            result.Append(text);
            at = percent + match.Length;
        }
        // What can be subscripted may be a mapping, whose keys need not all be named.
        bool mayBeMapping = values is DictValue or ListValue or RangeValue or UndefinedValue;
        if (_used < _positional.Length && !mayBeMapping)
            throw new TemplateFault("not all arguments converted during string formatting");
        return result.ToString();
    }

    private string Convert(Match match)
    {
        char type = match.Groups["type"].Value[0];
        if (type == '%')
            return "%";
        string flags = match.Groups["flags"].Value;
        bool left = flags.Contains('-', StringComparison.Ordinal);
        int? width = Size(match.Groups["width"]);
        int? precision = Size(match.Groups["precision"]);
        if (width < 0)
            (left, width) = (true, -width);
        rendering.Meter.AllocateText(Math.Max(width ?? 0, precision ?? 0));
        Value value = match.Groups["name"] is { Success: true } name ? Named(name.Value) : Next();
        string text = Convert(value, type, flags, Math.Max(precision ?? (precision is null ? -1 : 0), -1));
        bool zeros = flags.Contains('0', StringComparison.Ordinal) && !left && "diouxXeEfFgG".Contains(type, StringComparison.Ordinal);
        if (zeros)
            return Padding.ZeroFill(text, width ?? 0, rendering);
        return Padding.Pad(text, width ?? 0, " ", left ? Alignment.Left : Alignment.Right, rendering);
    }

    /// <param name="precision">-1 where none is given.</param>
    private string Convert(Value value, char type, string flags, int precision)
    {
        switch (type)
        {
            case 's':
                return Cut(value.Text(rendering), precision);
            case 'r' or 'a':
                int start = rendering.Output.Length;
                value.WriteRepr(rendering.Output);
                return Cut(rendering.Output.Cut(start), precision);
            case 'c':
                return value is StringValue { Length: 1 } character ? character.Content : IntegerText.Character(Integer(value));
            case 'd' or 'i' or 'u' or 'o' or 'x' or 'X':
                BigInteger number = Integer(value);
                string digits = IntegerText.Digits(BigInteger.Abs(number), type).PadLeft(Math.Max(precision, 0), '0');
                bool marked = flags.Contains('#', StringComparison.Ordinal) && type is 'o' or 'x' or 'X';
                return Sign(number < 0, flags) + (marked && flags.Contains('#', StringComparison.Ordinal) ? $"0{type}" : "") + digits;
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                return Float(value, type, flags, precision < 0 ? 6 : precision);
            default:
                throw new TemplateFault($"unsupported format character '{type}'");
        }
    }

    private static string Float(Value value, char type, string flags, int precision)
    {
        if (!Numbers.TryFloat(value, out double number))
            throw Mismatch(value, "a real number");
        double magnitude = Math.Abs(number);
        string text = !double.IsFinite(number) ? double.IsNaN(number) ? "nan" : "inf" : char.ToLowerInvariant(type) switch
        {
            'e' => ExactDecimal.Scientific(magnitude, precision),
            'f' => ExactDecimal.Fixed(magnitude, precision),
            _ => ExactDecimal.General(magnitude, precision, flags.Contains('#', StringComparison.Ordinal)),
        };
        return Sign(double.IsNegative(number), flags) + (char.IsUpper(type) ? text.ToUpperInvariant() : text);
    }

    private static string Sign(bool negative, string flags) =>
        negative ? "-" : flags.Contains('+', StringComparison.Ordinal) ? "+" : flags.Contains(' ', StringComparison.Ordinal) ? " " : "";

    private static string Cut(string text, int precision) =>
        precision < 0 ? text : CodePoints.Slice(text, CodePoints.Count(text), new SliceBounds(null, precision, null));

    private static BigInteger Integer(Value value) => value switch
    {
        FloatValue real when double.IsFinite(real.Number) => new BigInteger(real.Number),
        _ when Numbers.TryInteger(value, out BigInteger number) => number,
        _ => throw Mismatch(value, "an integer"),
    };

    private static TemplateFault Mismatch(Value value, string wanted) =>
        value is UndefinedValue undefined ? undefined.Fault() : new TemplateFault($"{wanted} is required, not {value.TypeName}");

    private int? Size(Group group) => group switch
    {
        { Success: false } => null,
        { Value: "*" } => (int)BigInteger.Min(Integer(Next()), int.MaxValue),
        { Value: "" } => 0,
        _ => int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int size)
            ? size
            : throw new TemplateFault("width or precision too big"),
    };

    private Value Named(string name)
    {
        if (values is not DictValue dict)
            throw new TemplateFault("format requires a mapping");
        return dict.Item(new StringValue(name)) ?? throw new TemplateFault($"the format names '{name}', which the mapping lacks");
    }

    private Value Next() => _used < _positional.Length
        ? _positional[_used++]
        : throw new TemplateFault("not enough arguments for format string");
}
