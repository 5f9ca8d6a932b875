using Sluice.Models.Templates.Values;

namespace Sluice.Models.Templates.Builtins;

/// <summary>
/// What a call passes. As written: positional values and keywords. After <see cref="Parameters.Bind"/>: one slot for each parameter,
/// null where it was left out.
/// </summary>
internal readonly struct Arguments(Value?[] positional, KeyValuePair<string, Value>[] keywords)
{
    public static readonly Arguments None = new([], []);

    public Value?[] Positional { get; } = positional;

    public KeyValuePair<string, Value>[] Keywords { get; } = keywords;

    public Value? this[int slot] => slot < Positional.Length ? Positional[slot] : null;

    public bool Flag(int slot, bool otherwise = false) => this[slot]?.IsTrue ?? otherwise;

    /// <summary>The slot as an int; None counts as left out.</summary>
    public int Integer(int slot, int otherwise = 0)
    {
        if (this[slot] is not { } value || value is NoneValue)
            return otherwise;
        if (value is UndefinedValue undefined)
            throw undefined.Fault();
        if (!Numbers.TryInteger(value, out var number))
            throw new TemplateFault($"'{value.TypeName}' object cannot be interpreted as an integer");
        // Counts and widths beyond this mean "all" or fail on a limit either way.
        return (int)System.Numerics.BigInteger.Max(System.Numerics.BigInteger.Min(number, int.MaxValue), -int.MaxValue);
    }

    /// <summary>The slot as text; null where it was left out or is None.</summary>
    public string? Text(int slot) => this[slot] switch
    {
        null or NoneValue => null,
        StringValue text => text.Content,
        UndefinedValue undefined => throw undefined.Fault(),
        var value => throw new TemplateFault($"expected str, not {value.TypeName}"),
    };

    public string RequiredText(int slot) => Text(slot) ?? throw new TemplateFault("expected str, not NoneType");

    /// <summary>The arguments after the first, as map and select pass them on.</summary>
    public Arguments After(int count) => new(Positional[count..], Keywords);
}
