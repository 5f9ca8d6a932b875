using System.Buffers;
using System.Text.Json;
using Sluice.Pipe.Shapes;

namespace Sluice.Tests.Pipe.Shapes;

public sealed class NumberedShapeTests
{
    [Theory]
    [InlineData("""{"1":"a","2":" b\n"}""", "a|b")]
    [InlineData("""{"2":"b","1":"a"}""", "a|b")]
    [InlineData("```json\n{\"1\":\"a\",\"2\":\"b\"}\n```", "a|b")]
    [InlineData("""{"1":"a","2":7}""", "a|7")]
    [InlineData("""{"1":"a"}""", null)]
    [InlineData("""{"1":"a","2":"b","3":"c"}""", null)]
    [InlineData("""{"1":"a","3":"b"}""", null)]
    [InlineData("""{"1":"a","1":"b"}""", null)]
    [InlineData("""["a","b"]""", null)]
    [InlineData("""{"1":"a","2":"b""", null)]
    [InlineData("1. a\n2. b", null)]
    [InlineData("", null)]
    public void Split_AnAnswer_IsOneOfEachNumberOrNothing(string answer, string? expected)
    {
        IReadOnlyList<string?>? split = new NumberedShape(each: null, 2).Split(answer);
        Assert.Equal(expected, split is null ? null : string.Join('|', split));
    }

    [Fact]
    public void Split_AnAnswerOfAnotherShape_IsNoAnswerAndTheOthersStay()
    {
        var labels = new NumberedShape(new ChoicesShape(["bug", "other"], WireForm.Schema), 3);
        Assert.Equal(["bug", null, "other"], labels.Split("""{"1":"Bug.","2":"bugs","3":"other"}"""));
        var objects = new NumberedShape(new SchemaShape("""{"type":"object","required":["a"]}"""), 2);
        Assert.Equal(["""{"a": 1}""", null], objects.Split("""{"1":{"a": 1},"2":{}}"""));
    }

    /// <summary>The whole is checked by the checker of schemas, whose own tests say what it calls valid.</summary>
    [Theory]
    [InlineData("""{"1":{"next":{"next":{}}},"2":{}}""", true)]
    [InlineData("""{"1":{"next":{"other":1}},"2":{}}""", false)]
    [InlineData("""{"1":{}}""", false)]
    public void Schema_OfASchemaThatRefersToItself_SaysTheSameOfEach(string answer, bool fits)
    {
        var shape = new NumberedShape(
            new SchemaShape("""{"type":"object","properties":{"next":{"$ref":"#"}},"additionalProperties":false}"""), 2);
        Assert.Equal(fits, SchemaCheck.Check(SchemaOf(shape.AsShape()), JsonElement.Parse(answer)) is null);
    }

    private static JsonElement SchemaOf(IShape shape)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            shape.WriteFields(writer);
            writer.WriteEndObject();
        }
        return JsonElement.Parse(json.WrittenSpan).GetProperty("response_format").GetProperty("json_schema").GetProperty("schema");
    }
}
