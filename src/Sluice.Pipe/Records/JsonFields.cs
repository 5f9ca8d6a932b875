using System.Text.Json;

namespace Sluice.Pipe.Records;

/// <summary>The members of a JSON object, the elements of an array; strings as themselves, other values as JSON.</summary>
public sealed class JsonFields(JsonElement value) : IRecordFields
{
    public JsonElement Value { get; } = value;

    /// <param name="name">A member, or a path of members with dots between them; a member whose own name has dots comes first.</param>
    public string? Find(string name)
    {
        JsonElement at = Value;
        if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out JsonElement whole))
            return Text(whole);
        foreach (string part in name.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(part, out at))
                return null;
        }
        return Text(at);
    }

    public string? Find(int number) =>
        Value.ValueKind == JsonValueKind.Array && number >= 1 && number <= Value.GetArrayLength() ? Text(Value[number - 1]) : null;

    private static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
