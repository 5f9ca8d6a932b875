using System.Text.Json;

namespace Sluice.Http.Fakes;

/// <summary>Takes a stream's text apart, strictly: every event is one line of data and one blank line.</summary>
internal static class SseReader
{
    public static IReadOnlyList<string> Data(string stream)
    {
        Assert.EndsWith("\n\n", stream, StringComparison.Ordinal);
        return [.. stream[..^2].Split("\n\n").Select(OneLine)];
    }

    /// <summary>The JSON of every event before the closing mark, which must be there.</summary>
    public static IReadOnlyList<JsonElement> Chunks(string stream)
    {
        IReadOnlyList<string> data = Data(stream);
        Assert.Equal("[DONE]", data[^1]);
        return [.. data.SkipLast(1).Select(Parse)];
    }

    public static JsonElement Parse(string json) => JsonElement.Parse(json);

    private static string OneLine(string frame)
    {
        Assert.StartsWith("data: ", frame, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', frame);
        return frame["data: ".Length..];
    }
}
