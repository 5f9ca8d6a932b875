using System.Text.Json;

namespace Sluice.Protocol.Dialects;

/// <summary>
/// An option of the dialect that changes nothing here. Values that ask for nothing pass; any other is refused by name, because what was
/// asked for would not happen.
/// </summary>
/// <param name="Name">As the client spells it.</param>
/// <param name="Allowed">The values that pass, in words; null where none does.</param>
/// <param name="Passes">Whether a value passes.</param>
internal sealed record InertOption(string Name, string? Allowed, Func<JsonElement, bool> Passes)
{
    public static InertOption Never(string name) => new(name, null, _ => false);

    public static InertOption OnlyFalse(string name) => new(name, "false", value => value.ValueKind == JsonValueKind.False);

    public static InertOption AnyText(string name) => new(name, "a string", value => value.ValueKind == JsonValueKind.String);

    public static InertOption AnyObject(string name) => new(name, "an object", value => value.ValueKind == JsonValueKind.Object);

    public static InertOption EmptyObject(string name) =>
        new(name, "an empty object", value => value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() == 0);

    public static InertOption OneOf(string name, params string[] values) => new(
        name,
        string.Join(" or ", values.Select(value => $"\"{value}\"")),
        value => value.ValueKind == JsonValueKind.String && values.Any(value.ValueEquals));

    public void Check(JsonFields fields)
    {
        if (fields.Find(Name) is { } value && !Passes(value))
            throw FieldError.Unsupported(Name, Allowed);
    }
}
