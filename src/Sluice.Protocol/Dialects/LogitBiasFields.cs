using System.Globalization;
using System.Text.Json;

namespace Sluice.Protocol.Dialects;

/// <summary>OpenAI's <c>logit_bias</c>: an object of token ids and what is added to their logits.</summary>
internal static class LogitBiasFields
{
    private const int MaxTokens = 1024;
    private const float Most = 100;

    public static IReadOnlyList<(int Token, float Bias)> Read(JsonFields fields)
    {
        if (fields.Find("logit_bias") is not { } value)
            return [];
        var biases = new JsonFields(value, "logit_bias");
        if (value.GetPropertyCount() > MaxTokens)
            throw FieldError.TooMany("logit_bias", MaxTokens, "tokens");
        return [.. value.EnumerateObject().Select(one => ReadOne(biases, one))];
    }

    private static (int, float) ReadOne(JsonFields biases, JsonProperty one)
    {
        if (!int.TryParse(one.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int token))
            throw FieldError.WrongValue(one.Value, biases.PathOf(FieldError.Shorten(one.Name)), "a token id as the name");
        return (token, biases.Number(one.Name, -Most, Most) ?? 0);
    }
}
