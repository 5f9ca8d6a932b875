using System.Text.Json;

namespace Sluice.Protocol.Dialects;

/// <summary>OpenAI's <c>prediction</c>: what the client expects the answer to say for the most part.</summary>
internal static class PredictionFields
{
    public const string Name = "prediction";

    /// <summary>The expected text; null where the client expects nothing.</summary>
    public static string? Read(JsonFields fields)
    {
        if (fields.Find(Name) is not { } value)
            return null;
        var prediction = new JsonFields(value, Name);
        if (prediction.RequireText("type") != "content")
            throw FieldError.Unsupported(prediction.PathOf("type"), "\"content\"");
        if (prediction.Require("content") is { ValueKind: JsonValueKind.String } text)
            return text.GetString();
        return string.Concat(prediction.Items("content", "a string or an array of text parts")!.Select(part => ReadPart(part.Item, part.Path)));
    }

    private static string ReadPart(JsonElement value, string path)
    {
        var part = new JsonFields(value, path);
        return part.RequireText("type") == "text"
            ? part.RequireText("text")
            : throw FieldError.Unsupported(part.PathOf("type"), "\"text\"");
    }
}
