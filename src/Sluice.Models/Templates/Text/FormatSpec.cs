using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Text;

/// <summary>Python's format mini-language, as in "{:>10,.2f}".</summary>
internal sealed partial class FormatSpec
{
    private readonly string _fill;
    private readonly char _align;
    private readonly char _sign;
    private readonly bool _alternate;
    private readonly int _width;
    private readonly char _grouping;
    private readonly int? _precision;
    private readonly char _type;

    private FormatSpec(Match match)
    {
        _fill = match.Groups["fill"] is { Success: true, Value: var fill } ? fill : match.Groups["zero"].Success ? "0" : " ";
        _align = One(match, "align") is var align and not '\0' ? align : match.Groups["zero"].Success ? '=' : '\0';
        (_sign, _grouping, _type) = (One(match, "sign"), One(match, "grouping"), One(match, "type"));
        _alternate = match.Groups["alternate"].Success;
        _width = Number(match.Groups["width"].Value) ?? 0;
        _precision = Number(match.Groups["precision"].Value);
    }

    public static string Format(Value value, string specification, Rendering rendering)
    {
        if (specification.Length == 0)
            return value.Text(rendering);
        Match match = Pattern().Match(specification);
        if (!match.Success)
            throw new TemplateFault($"invalid format specifier '{specification}'");
        var spec = new FormatSpec(match);
        rendering.Meter.AllocateText(Math.Max(spec._width, spec._precision ?? 0));
        return value switch
        {
            IntegerValue integer => spec.Integer(integer.Number, rendering),
            BooleanValue boolean => spec.Integer(boolean.Integer, rendering),
            FloatValue real => spec.Float(real.Number, rendering),
            StringValue text => spec.Text(text.Content, rendering),
            UndefinedValue undefined => throw undefined.Fault(),
            _ => throw new TemplateFault($"unsupported format string passed to {value.TypeName}.__format__"),
        };
    }

    [GeneratedRegex(
        @"^(?:(?<fill>[\s\S])?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<alternate>#)?(?<zero>0)?(?<width>\d+)?(?<grouping>[,_])?"
        + @"(?:\.(?<precision>\d+))?(?<type>[bcdeEfFgGnosxX%])?$")]
    private static partial Regex Pattern();

    private static char One(Match match, string group) => match.Groups[group] is { Success: true } found ? found.Value[0] : '\0';

    private static int? Number(string digits)
    {
        if (digits.Length == 0)
            return null;
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new TemplateFault("too many decimal digits in format string");
    }

    private string Text(string text, Rendering rendering)
    {
        if (_type is not ('\0' or 's') || _sign != '\0' || _align == '=')
            throw new TemplateFault($"unknown format code '{(_type == '\0' ? _align : _type)}' for object of type 'str'");
        if (_precision is { } precision)
            text = CodePoints.Slice(text, CodePoints.Count(text), new SliceBounds(null, precision, null));
        return Align(text, '<', rendering);
    }

    private string Integer(BigInteger number, Rendering rendering)
    {
        if (_type is 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%')
            return Float((double)number, rendering);
        if (_type == 's')
            throw new TemplateFault("unknown format code 's' for object of type 'int'");
        if (_precision is not null)
            throw new TemplateFault("precision not allowed in integer format specifier");
        if (_type == 'c')
            return Align(IntegerText.Character(number), '<', rendering);
        string digits = IntegerText.Digits(BigInteger.Abs(number), _type);
        int group = _type is 'b' or 'o' or 'x' or 'X' ? 4 : 3;
        string prefix = _alternate && _type is 'b' or 'o' or 'x' or 'X' ? $"0{_type}" : "";
        return AlignNumber(SignOf(number < 0) + (_alternate ? prefix : ""), digits, "", group, rendering);
    }

    private string Float(double number, Rendering rendering)
    {
        string text = double.IsFinite(number) ? Finite(Math.Abs(number)) : double.IsNaN(number) ? "nan" : "inf";
        if (_type is 'E' or 'F' or 'G')
            text = text.ToUpperInvariant();
        int end = text.AsSpan().IndexOfAny(".eE%n");
        int whole = end < 0 ? text.Length : end;
        return AlignNumber(SignOf(double.IsNegative(number) && !double.IsNaN(number)), text[..whole], text[whole..], 3, rendering);
    }

    private string Finite(double number) => _type switch
    {
        'f' or 'F' => ExactDecimal.Fixed(number, _precision ?? 6),
        'e' or 'E' => ExactDecimal.Scientific(number, _precision ?? 6),
        '%' => ExactDecimal.Fixed(number * 100, _precision ?? 6) + "%",
        'g' or 'G' or 'n' => ExactDecimal.General(number, _precision ?? 6, _alternate),
        _ when _precision is null => FloatText.Repr(number),
        _ => WithPoint(ExactDecimal.General(number, _precision.Value)),
    };

    /// <summary>Without a type a float keeps a digit behind the point.</summary>
    private static string WithPoint(string text) => text.AsSpan().IndexOfAny(".e") < 0 ? text + ".0" : text;

    private string SignOf(bool negative) => negative ? "-" : _sign is '+' or ' ' ? _sign.ToString() : "";

    private string AlignNumber(string sign, string whole, string rest, int group, Rendering rendering)
    {
        if (_grouping != '\0')
            whole = IntegerText.Group(whole, _grouping, group, _align == '=' && _fill == "0" ? _width - sign.Length - rest.Length : 0);
        if (_align != '=')
            return Align(sign + whole + rest, '>', rendering);
        return sign + Padding.Pad(whole + rest, _width - sign.Length, _fill, Alignment.Right, rendering);
    }

    private string Align(string text, char otherwise, Rendering rendering) => (_align == '\0' ? otherwise : _align) switch
    {
        '<' => Padding.Pad(text, _width, _fill, Alignment.Left, rendering),
        '^' => Center(text, rendering),
        _ => Padding.Pad(text, _width, _fill, Alignment.Right, rendering),
    };

    /// <summary>Unlike str.center the odd fill character always comes last.</summary>
    private string Center(string text, Rendering rendering)
    {
        int length = CodePoints.Count(text);
        string left = Padding.Pad(text, length + Math.Max(0, _width - length) / 2, _fill, Alignment.Right, rendering);
        return Padding.Pad(left, _width, _fill, Alignment.Left, rendering);
    }
}
