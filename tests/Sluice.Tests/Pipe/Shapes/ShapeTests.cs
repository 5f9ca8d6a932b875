using System.Text.Json;
using Sluice.Pipe;
using Sluice.Pipe.Shapes;

namespace Sluice.Tests.Pipe.Shapes;

public sealed class ShapeTests
{
    [Theory]
    [InlineData("""{"type":"object","required":["a"]}""", """{"a":1}""", null)]
    [InlineData("""{"type":"object","required":["a"]}""", "{}", "'a' is missing")]
    [InlineData("""{"properties":{"a":{"type":"integer"}}}""", """{"a":1.5}""", "$.a")]
    [InlineData("""{"properties":{"a":{"type":"integer"}}}""", """{"a":2.0}""", null)]
    [InlineData("""{"properties":{},"additionalProperties":false}""", """{"b":1}""", "$.b")]
    [InlineData("""{"type":["string","null"]}""", "null", null)]
    [InlineData("""{"enum":["x",1]}""", "1", null)]
    [InlineData("""{"enum":["x",1]}""", "\"y\"", "none of")]
    [InlineData("""{"items":{"minLength":2},"maxItems":2}""", """["ab","c"]""", "$[1]")]
    [InlineData("""{"minimum":1,"exclusiveMaximum":5}""", "5", "below 5")]
    [InlineData("""{"pattern":"^a+$"}""", "\"b\"", "match")]
    [InlineData("""{"anyOf":[{"type":"string"},{"const":3}]}""", "3", null)]
    [InlineData("""{"oneOf":[{"type":"number"},{"const":3}]}""", "3", "exactly one")]
    [InlineData("""{"$ref":"#/$defs/x","$defs":{"x":{"type":"string"}}}""", "1", "string")]
    [InlineData("""{"not":{"type":"null"}}""", "null", "excludes")]
    public void Schema_AValue_FitsOrSaysWhatIsWrong(string schema, string value, string? problem)
    {
        string? told = SchemaCheck.Check(JsonElement.Parse(schema), JsonElement.Parse(value));
        if (problem is null)
            Assert.Null(told);
        else
            Assert.Contains(problem, told, StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_ThatRefersToItself_Ends()
    {
        var schema = JsonElement.Parse("""{"anyOf":[{"$ref":"#"},{"$ref":"#"}]}""");
        Assert.NotNull(SchemaCheck.Check(schema, JsonElement.Parse("1")));
    }

    [Theory]
    [InlineData("{\"a\":1}", true)]
    [InlineData("```json\n{\"a\":1}\n```", true)]
    [InlineData("Sure! {\"a\":1}", false)]
    [InlineData("", false)]
    public void SchemaShape_FencesAroundAnAnswer_AreTakenOff(string answer, bool fits)
    {
        string fitted = new SchemaShape("{}").Fit(answer, out string? problem);
        Assert.Equal(fits, problem is null);
        if (fits)
            Assert.Equal("{\"a\":1}", fitted);
    }

    [Theory]
    [InlineData("Bug.", "bug")]
    [InlineData("{\"answer\":\"bug\"}", "bug")]
    [InlineData("bugs", null)]
    public void Choices_CaseAndPunctuation_DoNotCount(string answer, string? choice)
    {
        string fitted = new ChoicesShape(["bug", "other"], WireForm.Schema).Fit(answer, out string? problem);
        Assert.Equal(choice is null, problem is not null);
        Assert.Equal(choice ?? answer, fitted);
    }

    [Fact]
    public void Regex_PartOfAnAnswer_IsNotEnough()
    {
        var shape = new RegexShape("[0-9]+|none", WireForm.None);
        shape.Fit("12", out string? fits);
        shape.Fit("12 or so", out string? problem);
        Assert.Null(fits);
        Assert.NotNull(problem);
        Assert.Throws<PipeException>(() => new RegexShape("(", WireForm.None));
    }

    [Fact]
    public void Fields_NamesAndTypes_MakeASchema()
    {
        var fields = FieldList.Parse("name, age:int");
        Assert.Equal(["name", "age"], fields.Names);
        var schema = JsonElement.Parse(fields.Schema.ToJsonString());
        Assert.Null(SchemaCheck.Check(schema, JsonElement.Parse("""{"name":"x","age":3}""")));
        Assert.NotNull(SchemaCheck.Check(schema, JsonElement.Parse("""{"name":"x"}""")));
        Assert.Throws<PipeException>(() => FieldList.Parse("age:date"));
    }
}
