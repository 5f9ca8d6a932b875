using System.Text.Json;
using Sluice.Golden;

namespace Sluice.Http.Schemas;

/// <summary>The published schemas of the API, where the reference data is at hand.</summary>
internal static class ApiSchemas
{
    /// <summary>Fails the test where the value breaks the schema; passes over it where there is no reference data.</summary>
    public static void Check(string schema, JsonElement value)
    {
        if (GoldenData.Present)
            Assert.Empty(JsonSchema.Load(GoldenData.Require($"api/{schema}.schema.json")).Check(value));
    }

    public static IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(GoldenData.Require(file)).Where(line => line.Length > 0).Select(line => JsonElement.Parse(line));
}
