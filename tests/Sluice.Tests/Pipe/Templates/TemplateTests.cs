using Sluice.Pipe;
using Sluice.Pipe.Records;
using Sluice.Pipe.Templates;
using Record = Sluice.Pipe.Records.Record;

namespace Sluice.Tests.Pipe.Templates;

public sealed class TemplateTests
{
    private static readonly Record Row = new()
    {
        Number = 7, Offset = 0, Raw = default, Text = "1,x", Fields = new ColumnFields(["id", "full name"], ["1", "x"]),
    };

    [Theory]
    [InlineData("say {}", "say 1,x")]
    [InlineData("{#}: {.full name} {1}", "7: x 1")]
    [InlineData("json {\"a\":1} {a} {} {", "json {\"a\":1} {a} 1,x {")]
    [InlineData("{{v}} and {{ v }}", "{} and {}")]
    public void Fill_PlacesAndVariables_OnlyPlacesOfTheTemplateAreFilled(string text, string expected)
    {
        var template = Template.Parse(text, PromptVariables.Parse(["v={}"]));
        Assert.Equal(expected, template.Fill(Row, out string? missing));
        Assert.Null(missing);
    }

    [Fact]
    public void Parse_AVariableWithoutAValue_IsRefusedByName()
    {
        var fault = Assert.Throws<PipeException>(() => Template.Parse("as {{labels}}", PromptVariables.Parse([])));
        Assert.Contains("labels", fault.Message, StringComparison.Ordinal);
        Assert.Equal(PipeFault.Usage, fault.Fault);
    }

    [Fact]
    public void Variables_ValuesWithEqualsSigns_AreWhole() => Assert.Equal("bar=baz", PromptVariables.Parse(["b=bar=baz"])["b"]);

    [Fact]
    public void Variables_NoEqualsSign_IsRefused() => Assert.Throws<PipeException>(() => PromptVariables.Parse(["labels"]));

    [Fact]
    public void Fill_AFieldTheRecordLacks_NamesIt()
    {
        Template.Parse("{.other}", PromptVariables.Parse([])).Fill(Row, out string? missing);
        Assert.Equal("{.other}", missing);
    }

    [Fact]
    public void CheckColumns_ANameTheInputLacks_IsRefused() => Assert.Throws<PipeException>(
        () => Template.Parse("{.other}", PromptVariables.Parse([])).CheckColumns(["id"]));

    [Fact]
    public void CheckFormat_NamesOfPlainLines_AreRefused() => Assert.Throws<PipeException>(
        () => Template.ParseKey(".body").CheckFormat(RecordFormat.Lines));
}
