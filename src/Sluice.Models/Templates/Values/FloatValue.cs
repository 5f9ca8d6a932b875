using System.Numerics;
using Sluice.Models.Templates.Text;

namespace Sluice.Models.Templates.Values;

internal sealed class FloatValue(double number) : Value
{
    public double Number { get; } = number;

    public override string TypeName => "float";

    public override bool IsTrue => Number != 0;

    public override void WriteRepr(TextOutput output) => output.Append(FloatText.Repr(Number));

    public override Value? Attribute(StringValue name) => name.Content switch
    {
        "real" => this,
        "imag" => new FloatValue(0),
        "is_integer" => new FunctionValue("is_integer", (_, _) => BooleanValue.Of(double.IsInteger(Number))),
        _ => null,
    };

    public override bool Equals(Value? other) => ReferenceEquals(this, other) || Numbers.AreEqual(this, other);

    /// <summary>Equal numbers have equal hashes whatever their type.</summary>
    public override int GetHashCode() => double.IsInteger(Number) ? new BigInteger(Number).GetHashCode() : Number.GetHashCode();
}
