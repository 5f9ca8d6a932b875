using System.Text.Json;
using Sluice.Http.Schemas;

namespace Sluice.Http.Fakes;

/// <summary>Takes a stream of named events apart, strictly: a name, one line of data of the same type, a blank line.</summary>
internal static class EventReader
{
    public static IReadOnlyList<JsonElement> Read(string stream)
    {
        Assert.EndsWith("\n\n", stream, StringComparison.Ordinal);
        return [.. stream[..^2].Split("\n\n").Select(ReadOne)];
    }

    private static JsonElement ReadOne(string frame)
    {
        string[] lines = frame.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("data: ", lines[1], StringComparison.Ordinal);
        JsonElement data = JsonElement.Parse(lines[1]["data: ".Length..]);
        Assert.Equal("event: " + data.GetProperty("type").GetString(), lines[0]);
        ApiSchemas.Check("anthropic.stream-event", data);
        return data;
    }
}
