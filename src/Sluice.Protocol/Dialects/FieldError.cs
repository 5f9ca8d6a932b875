using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>
/// What is said about a field that cannot be taken, in OpenAI's words and codes. What the client sent is quoted, but never at length.
/// </summary>
internal static class FieldError
{
    private const int LongestQuote = 100;

    public static InvalidRequestException Missing(string path) =>
        new($"Missing required parameter: '{path}'.", path, "missing_required_parameter");

    public static InvalidRequestException Unknown(string path) =>
        new($"Unknown parameter: '{Shorten(path)}'.", Shorten(path), "unknown_parameter");

    public static InvalidRequestException WrongType(JsonElement value, string path, string expected) =>
        new($"Invalid type for '{path}': expected {expected}, but got {Describe(value)}.", path, "invalid_type");

    public static InvalidRequestException WrongValue(JsonElement value, string path, string expected) =>
        new($"Invalid value for '{path}': expected {expected}, but got {Shorten(value.GetRawText())}.", path, "invalid_value");

    /// <summary>It means something in the dialect, but would not happen here.</summary>
    /// <param name="allowed">The values that pass, in words; null where none does.</param>
    public static InvalidRequestException Unsupported(string path, string? allowed)
    {
        string instead = allowed is null ? "leave it out" : $"only {allowed} is accepted";
        return new($"'{path}' is not supported here; {instead}.", path, "unsupported_value");
    }

    public static InvalidRequestException Empty(string path, string expected) =>
        new($"Invalid '{path}': expected at least one {expected}.", path, "empty_array");

    public static InvalidRequestException TooMany(string path, int most, string what) =>
        new($"Invalid '{path}': at most {most} {what} are allowed.", path, "array_above_max_length");

    public static string Shorten(string text) => text.Length <= LongestQuote ? text : string.Concat(text.AsSpan(0, LongestQuote), "…");

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };
}
