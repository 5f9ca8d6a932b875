using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>Plain texts of a request: a string, token ids, or an array of either.</summary>
internal static class PromptFields
{
    private const int MaxPrompts = 2048;
    private const string Forms = "a string, an array of strings, an array of token ids or an array of arrays of token ids";

    /// <param name="name">The field.</param>
    /// <param name="what">What the items of an array are called.</param>
    public static IReadOnlyList<PromptInput> Read(JsonFields fields, string name, string what)
    {
        JsonElement prompt = fields.Require(name);
        if (prompt.ValueKind == JsonValueKind.String)
            return [new PromptInput(prompt.GetString(), null)];
        if (prompt.ValueKind != JsonValueKind.Array)
            throw FieldError.WrongType(prompt, name, Forms);
        if (prompt.GetArrayLength() == 0)
            throw FieldError.WrongValue(prompt, name, Forms);
        if (prompt[0].ValueKind == JsonValueKind.Number)
            return [new PromptInput(null, ReadTokens(prompt, name))];
        if (prompt.GetArrayLength() > MaxPrompts)
            throw FieldError.TooMany(name, MaxPrompts, what);
        return [.. fields.Items(name, Forms)!.Select(one => ReadOne(one.Item, one.Path))];
    }

    private static PromptInput ReadOne(JsonElement one, string path) => one.ValueKind switch
    {
        JsonValueKind.String => new PromptInput(one.GetString(), null),
        JsonValueKind.Array => new PromptInput(null, ReadTokens(one, path)),
        _ => throw FieldError.WrongType(one, path, "a string or an array of token ids"),
    };

    private static int[] ReadTokens(JsonElement array, string path)
    {
        int[] tokens = new int[array.GetArrayLength()];
        if (tokens.Length == 0)
            throw FieldError.WrongValue(array, path, "at least one token id");
        int count = 0;
        foreach (JsonElement token in array.EnumerateArray())
        {
            if (token.ValueKind != JsonValueKind.Number || !token.TryGetInt32(out int id) || id < 0)
                throw FieldError.WrongValue(token, $"{path}[{count}]", "a token id");
            tokens[count++] = id;
        }
        return tokens;
    }
}
