using System.Numerics;

namespace Sluice.Models.Templates.Values;

/// <summary>True or False; in arithmetic, comparison and as a key also 1 or 0.</summary>
internal sealed class BooleanValue : Value
{
    public static readonly BooleanValue True = new(true);
    public static readonly BooleanValue False = new(false);

    private readonly bool _value;

    private BooleanValue(bool value) => _value = value;

    public override string TypeName => "bool";

    public override bool IsTrue => _value;

    public BigInteger Integer => _value ? BigInteger.One : BigInteger.Zero;

    public static BooleanValue Of(bool value) => value ? True : False;

    public override void WriteRepr(TextOutput output) => output.Append(_value ? "True" : "False");

    public override bool Equals(Value? other) =>
        ReferenceEquals(this, other) || (other is not BooleanValue && Numbers.AreEqual(this, other));

    public override int GetHashCode() => Integer.GetHashCode();
}
