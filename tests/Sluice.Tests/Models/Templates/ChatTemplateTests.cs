using System.Text.Json;
using Sluice.Models.Templates;

namespace Sluice.Tests.Models.Templates;

public sealed class ChatTemplateTests
{
    [Fact]
    public void Render_FromManyThreads_GivesEachItsOwnText()
    {
        ChatTemplate template = ChatTemplate.Compile("""
            {%- set ns = namespace(n=0) %}{% macro twice(x) %}{{ x * 2 }}{% endmacro %}
            {%- for i in range(n) %}{% set ns.n = ns.n + i %}{{ twice(i) }},{% endfor %}{{ ns.n }} 🚀{{ '🚀é'[0] }}
            """);

        Parallel.For(0, 200, n =>
        {
            using JsonDocument variables = JsonDocument.Parse($$"""{"n":{{n}}}""");
            string expected = string.Concat(Enumerable.Range(0, n).Select(i => $"{i * 2},")) + n * (n - 1) / 2 + " 🚀🚀";

            Assert.Equal(expected, template.Render(variables.RootElement));
        });
    }

    [Fact]
    public void Render_SameContextTwice_LeavesItAsItWas()
    {
        ChatTemplate template = ChatTemplate.Compile("{{ x }}{% set x = 'changed' %}{{ x }}");
        var context = new TemplateContext();
        context.Set("x", "given");

        Assert.Equal("givenchanged", template.Render(context));
        Assert.Equal("givenchanged", template.Render(context));
    }

    [Fact]
    public void Render_VariableNamedLikeGlobal_HidesIt()
    {
        var context = new TemplateContext();
        context.Set("range", "mine");

        Assert.Equal("mine", ChatTemplate.Compile("{{ range }}").Render(context));
    }

    [Fact]
    public void Render_LocalClock_TellsLocalTime()
    {
        var context = new TemplateContext(new EastOfGreenwich());

        Assert.Equal("2025-01-01 01:30", ChatTemplate.Compile("{{ strftime_now('%Y-%m-%d %H:%M') }}").Render(context));
    }

    [Fact]
    public void Render_LineEndsOfWindows_AreRead()
    {
        Assert.Equal("a\nb", ChatTemplate.Compile("a\r\n{% if true %}\r\nb{% endif %}\r\n").Render(new TemplateContext()));
    }

    private sealed class EastOfGreenwich : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(2), "east", "east");

        public override DateTimeOffset GetUtcNow() => new(2024, 12, 31, 23, 30, 0, TimeSpan.Zero);
    }
}
