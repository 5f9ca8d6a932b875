namespace Sluice.Models.Grammars.Schemas;

/// <summary>A schema that a value must satisfy, or must not.</summary>
internal readonly record struct Literal(Schema Schema, bool Positive)
{
    public Literal Negated => this with { Positive = !Positive };
}
