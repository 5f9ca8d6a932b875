using System.Text.Json;
using Sluice.Golden;

namespace Sluice.Http.Schemas;

public sealed class JsonSchemaTests
{
    [Fact]
    public void Check_PublishedExamples_AgreesWithTheOtherValidator()
    {
        int compared = 0;
        foreach (JsonElement example in ApiSchemas.Lines("api/openai-examples.jsonl"))
        {
            string name = example.GetProperty("name").GetString()!;
            if (!example.TryGetProperty("response", out JsonElement response))
                continue;
            JsonSchema schema = JsonSchema.Load(GoldenData.Require($"api/{example.GetProperty("schema").GetString()}.schema.json"));
            bool valid = schema.Check(response).Count == 0;
            Assert.True(valid == example.GetProperty("validates").GetBoolean(), $"{name}: {string.Join("; ", schema.Check(response))}");
            compared++;
        }
        Assert.True(compared >= 10, $"only {compared} examples were compared");
    }

    [Fact]
    public void Check_PublishedRequests_AgreesWithTheOtherValidator()
    {
        JsonSchema schema = JsonSchema.Load(GoldenData.Require("api/chat.request.schema.json"));
        int compared = 0;
        foreach (JsonElement example in ApiSchemas.Lines("api/openai-examples.jsonl"))
        {
            if (example.GetProperty("path").GetString() != "/chat/completions")
                continue;
            Assert.Equal(example.GetProperty("request_validates").GetBoolean(), schema.Check(example.GetProperty("request")).Count == 0);
            compared++;
        }
        Assert.Equal(5, compared);
    }

    [Theory]
    [InlineData("""{"a":1}""", 0)]
    [InlineData("""{"a":1.5}""", 1)]
    [InlineData("""{"a":11}""", 1)]
    [InlineData("""{}""", 1)]
    [InlineData("""{"a":1,"b":"x"}""", 1)]
    [InlineData("""[]""", 1)]
    public void Check_SmallSchema_FindsEachFault(string value, int problems)
    {
        var schema = new JsonSchema(JsonElement.Parse(
            """{"type":"object","properties":{"a":{"type":"integer","maximum":10},"b":{"enum":["y"]}},"required":["a"]}"""));

        Assert.Equal(problems, schema.Check(JsonElement.Parse(value)).Count);
    }
}
