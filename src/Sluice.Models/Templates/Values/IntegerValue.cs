using System.Globalization;
using System.Numerics;

namespace Sluice.Models.Templates.Values;

/// <summary>An int: of any size in Python, here of as many digits as Python prints.</summary>
internal sealed class IntegerValue : Value
{
    /// <summary>Python refuses to print integers of more decimal digits.</summary>
    public const int MaxDigits = 4300;

    private const int MaxBytes = 1786;
    private const int Cached = 1024;

    private static readonly IntegerValue[] Small = [.. Enumerable.Range(0, Cached).Select(number => new IntegerValue(number))];

    private IntegerValue(BigInteger number) => Number = number;

    public BigInteger Number { get; }

    public override string TypeName => "int";

    public override bool IsTrue => !Number.IsZero;

    public static IntegerValue Of(int number) => (uint)number < Cached ? Small[number] : new IntegerValue(number);

    public static bool Fits(BigInteger number) => number.GetByteCount() <= MaxBytes;

    /// <exception cref="TemplateFault">The number does not fit.</exception>
    public static IntegerValue Of(BigInteger number)
    {
        if (!Fits(number))
            throw new TemplateFault($"an integer grows beyond {MaxDigits} digits");
        return number >= 0 && number < Cached ? Small[(int)number] : new IntegerValue(number);
    }

    public override void WriteRepr(TextOutput output)
    {
        Span<char> digits = stackalloc char[32];
        if (Number.TryFormat(digits, out int written, default, CultureInfo.InvariantCulture))
            output.Append(digits[..written]);
        else
            output.Append(Number.ToString(CultureInfo.InvariantCulture));
    }

    public override Value? Attribute(StringValue name) => name.Content switch
    {
        "real" or "numerator" => this,
        "imag" => Of(0),
        "denominator" => Of(1),
        _ => null,
    };

    public override bool Equals(Value? other) => other is IntegerValue integer ? integer.Number == Number : Numbers.AreEqual(this, other);

    public override int GetHashCode() => Number.GetHashCode();
}
