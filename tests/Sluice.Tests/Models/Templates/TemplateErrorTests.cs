using System.Text.Json;
using Sluice.Models.Templates;

namespace Sluice.Tests.Models.Templates;

public sealed class TemplateErrorTests
{
    [Theory]
    [InlineData("a\nb {{ x | nope }}", 2, 10, "no filter named 'nope'")]
    [InlineData("{{ x is nope }}", 1, 9, "no test named 'nope'")]
    [InlineData("\n\n{% if x %}", 3, 11, "the template ends before 'elif' or 'else' or 'endif'")]
    [InlineData("{% if x %}\n{% endfor %}", 2, 4, "unknown tag 'endfor' where 'elif' or 'else' or 'endif' is open")]
    [InlineData("x {{ 'abc }}", 1, 6, "the string is never closed")]
    [InlineData("x\n {{ 1", 2, 2, "the tag is never closed: '}}' is missing")]
    [InlineData("{# x", 1, 1, "the comment is never closed: '#}' is missing")]
    [InlineData("{% raw %} x", 1, 1, "the raw block is never closed: '{% endraw %}' is missing")]
    [InlineData("{{ (1] }}", 1, 6, "unexpected ']', expected ')'")]
    [InlineData("{{ a ? b }}", 1, 6, "unexpected character '?'")]
    [InlineData("{{ a b }}", 1, 6, "expected end of print, found 'b'")]
    [InlineData("{% include 'x' %}", 1, 4, "'include' is not supported: a chat template has no other templates to load")]
    [InlineData("{% import 'x' as y %}", 1, 4, "'import' is not supported: a chat template has no other templates to load")]
    [InlineData("{% extends 'x' %}", 1, 4, "'extends' is not supported: a chat template has no other templates to load")]
    [InlineData("{% break %}", 1, 4, "'break' outside of a loop")]
    public void Compile_NoTemplate_SaysWhere(string source, int line, int column, string problem)
    {
        var exception = Assert.Throws<TemplateException>(() => ChatTemplate.Compile(source));

        Assert.Equal((line, column, problem), (exception.Line, exception.Column, exception.Problem));
        Assert.Equal($"chat template, line {line}, column {column}: {problem}", exception.Message);
    }

    [Theory]
    [InlineData("{{ 1 }}\n{{ x.y }}", 2, 5, "'x' is undefined")]
    [InlineData("{{ m.a.b }}", 1, 7, "'dict object' has no attribute 'a'")]
    [InlineData("{{ 'a' + 1 }}", 1, 8, "can only concatenate str (not \"int\") to str")]
    [InlineData("{{ 1 < 'a' }}", 1, 6, "'<' not supported between instances of 'int' and 'str'")]
    [InlineData("{% for a, b in [[1]] %}{% endfor %}", 1, 8, "not enough values to unpack (expected 2, got 1)")]
    [InlineData("{{ 5() }}", 1, 5, "'int' object is not callable")]
    [InlineData("{{ [].append(1) }}", 1, 13, "access to attribute 'append' of 'list' object is unsafe: templates may not change values")]
    public void Render_Fault_SaysWhere(string source, int line, int column, string problem)
    {
        var exception = Assert.Throws<TemplateException>(() => ChatTemplate.Compile(source).Render(Json("""{"m":{}}""")));

        Assert.Equal((line, column, problem), (exception.Line, exception.Column, exception.Problem));
        Assert.False(exception.RaisedByTemplate);
    }

    [Fact]
    public void Render_TemplateRefuses_SaysItsWordsInOneLine()
    {
        ChatTemplate template = ChatTemplate.Compile("{% if true %}\n  {{ raise_exception('roles must\nalternate') }}{% endif %}");

        var exception = Assert.Throws<TemplateException>(() => template.Render(new TemplateContext()));

        Assert.True(exception.RaisedByTemplate);
        Assert.Equal("roles must\nalternate", exception.Problem);
        Assert.Equal("chat template, line 2, column 21: roles must alternate", exception.Message);
    }

    [Theory]
    [InlineData("[1]", "the variables must be a JSON object, not Array")]
    [InlineData("{\"a\":\"\\ud83d\"}", "variables: the JSON holds half a surrogate pair, which is no text")]
    [InlineData("{\"\\ud83d\":1}", "variables: the JSON holds half a surrogate pair, which is no text")]
    public void Context_NoVariables_Refuses(string json, string problem)
    {
        var exception = Assert.Throws<TemplateException>(() => TemplateContext.From(Json(json)));

        Assert.Equal(problem, exception.Problem);
    }

    [Fact]
    public void Context_DeepJson_Refuses()
    {
        string json = $$"""{"a":{{new string('[', 900)}}{{new string(']', 900)}}}""";
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });

        var exception = Assert.Throws<TemplateException>(() => TemplateContext.From(document.RootElement));

        Assert.Contains("nests more than", exception.Problem, StringComparison.Ordinal);
    }

    private static JsonElement Json(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
