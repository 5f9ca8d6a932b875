using System.Text;
using Sluice.Models.Templates;

namespace Sluice.Tests.Models.Templates;

/// <summary>Templates made to exhaust time, memory or the stack end in one clear error each.</summary>
public sealed class TemplateLimitTests
{
    private static readonly TemplateOptions Small = new() { MaxSteps = 500_000, MaxAllocatedBytes = 32 << 20, MaxTextCharacters = 1 << 20 };

    [Theory]
    [InlineData("{{ 'x' * 10**9 }}", "MaxTextCharacters")]
    [InlineData("{{ [1] * 10**9 }}", "MaxSteps")]
    [InlineData("{{ 2 ** (10**9) }}", "digits")]
    [InlineData("{{ 10**4000 * 10**4000 }}", "digits")]
    [InlineData("{{ range(10**9) }}", "range is too big")]
    [InlineData("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}", "Max")]
    [InlineData("{% for a in range(99) %}{% for b in range(99) %}{{ 'x' * 1000 }}{% endfor %}{% endfor %}", "MaxTextCharacters")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "MaxDepth")]
    [InlineData("{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(90) }}", "MaxSteps")]
    [InlineData("{% for i in [[]] recursive %}{{ loop([1]) }}{% endfor %}", "MaxDepth")]
    [InlineData("{% set n = namespace(s='x') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}", "MaxTextCharacters")]
    [InlineData("{% set n = namespace(s='x') %}{% for i in range(99) %}{% set n.s = n.s.replace('x', 'xx') %}{% endfor %}", "MaxText")]
    [InlineData("{% set n = namespace(l=[1]) %}{% for i in range(99) %}{% set n.l = n.l + n.l %}{% endfor %}", "Max")]
    [InlineData("{% set n = namespace(l=[1]) %}{% for i in range(9999) %}{% set n.l = [n.l] %}{% endfor %}", "nest more than")]
    [InlineData("{% set n = namespace(l=[1]) %}{% for i in range(99) %}{% set n.l = [n.l, n.l] %}{% endfor %}", "holds more than")]
    [InlineData("{% set n = namespace() %}{% set n.n = n %}{{ n }}", "")]
    [InlineData("{% set n = namespace(g='a') %}{% for i in range(9**5) %}{% set n.g = n.g | select %}{% endfor %}{{ n.g | list }}", "stack")]
    [InlineData("{{ '%1000000000d' % 1 }}", "MaxTextCharacters")]
    [InlineData("{{ '{:1000000000}'.format(1) }}", "MaxTextCharacters")]
    [InlineData("{{ 'x'.center(10**12) }}", "MaxTextCharacters")]
    [InlineData("{{ [1] | batch(10**9, 'x') | list }}", "Max")]
    [InlineData("{{ [1] | slice(10**9) | list }}", "Max")]
    [InlineData("{% set s = 'a' * 10**6 %}{% for i in range(99999) %}{% set y = s.isalpha() %}{% endfor %}", "MaxSteps")]
    [InlineData("{% set s = 'a' * 10**6 %}{% for i in range(99999) %}{% set y = 'b' in s %}{% endfor %}", "MaxSteps")]
    [InlineData("{% set s = '\U0001F680' * 10**5 %}{% for i in range(99999) %}{% set y = s[99999] %}{{ s ~ '' }}{% endfor %}", "Max")]
    [InlineData("{% set s = 'a' * 10**6 %}{% for i in range(99999) %}{% set y = s == s ~ '' %}{% endfor %}", "Max")]
    [InlineData("{% set s = '1' * 10**6 %}{% for i in range(99999) %}{% set y = s | float %}{% endfor %}", "MaxSteps")]
    [InlineData("{% set l = range(99999) | list %}{% for i in range(99999) %}{% set y = l | sort %}{% endfor %}", "Max")]
    [InlineData("{% set l = range(99999) | list %}{% for i in range(99999) %}{% set y = -1 in l %}{% endfor %}", "MaxSteps")]
    public void Render_Greedy_EndsInOneError(string source, string limit)
    {
        var exception = Assert.Throws<TemplateException>(() => ChatTemplate.Compile(source, Small).Render(new TemplateContext()));

        Assert.Contains(limit, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ ", "(", "1", ")", " }}")]
    [InlineData("{{ ", "[", "1", "]", " }}")]
    [InlineData("{{ ", "{'a':", "1", "}", " }}")]
    [InlineData("{{ ", "not ", "1", "", " }}")]
    [InlineData("{{ ", "-", "1", "", " }}")]
    [InlineData("{{ a", "[a", "", "]", " }}")]
    [InlineData("{{ a", "(a", "", ")", " }}")]
    [InlineData("{{ 1", " if 1 else 1", "", "", " }}")]
    [InlineData("{{ a", "|default(a", "", ")", " }}")]
    [InlineData("{{ a", " is eq(a", "", ")", " }}")]
    [InlineData("{% set ", "(", "a", ")", " = 1 %}")]
    [InlineData("", "{% if 1 %}", "", "{% endif %}", "")]
    [InlineData("", "{% for x in y %}", "", "{% endfor %}", "")]
    [InlineData("", "{% macro f() %}", "", "{% endmacro %}", "")]
    [InlineData("", "{% call f() %}", "", "{% endcall %}", "")]
    [InlineData("", "{% set x %}", "", "{% endset %}", "")]
    [InlineData("", "{% filter upper %}", "", "{% endfilter %}", "")]
    [InlineData("", "{% with %}", "", "{% endwith %}", "")]
    public void Compile_DeepNesting_EndsInOneError(string start, string open, string inner, string close, string end)
    {
        const int Depth = 20_000;
        string source = start + Repeat(open, Depth) + inner + Repeat(close, Depth) + end;

        var exception = Assert.Throws<TemplateException>(() => ChatTemplate.Compile(source));

        Assert.Contains("MaxDepth", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Operators of one rank in a row are no nesting: they must neither be refused nor take stack.</summary>
    [Theory]
    [InlineData("{{ 1", " + 1", " }}", "20001")]
    [InlineData("{{ 2", " ** 1", " }}", "2")]
    [InlineData("{{ 1", " * 1", " }}", "1")]
    [InlineData("{{ 1", " == 1", " }}", "True")]
    [InlineData("{{ x", " or x", " or 7 }}", "7")]
    [InlineData("{{ 1", " and 1", " and 7 }}", "7")]
    [InlineData("{{ (''", " ~ 'a'", ") | length }}", "20000")]
    [InlineData("{{ 'a'", " | trim", " }}", "a")]
    [InlineData("{{ 'a'", ".strip()", " }}", "a")]
    [InlineData("{{ 1", " is eq 1", " }}", "True")]
    [InlineData("{% if 0 %}0", "{% elif 0 %}0", "{% else %}1{% endif %}", "1")]
    public void Render_LongRowOfOperators_Works(string start, string repeated, string end, string expected)
    {
        string source = start + Repeat(repeated, 20_000) + end;
        string actual = "";

        OnSmallStack(() => actual = ChatTemplate.Compile(source).Render(new TemplateContext()));

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Render_DeepestAllowed_FitsASmallStack()
    {
        int depth = TemplateOptions.Default.MaxDepth - 10;
        string source = Repeat("{% for a in [1] %}{% set x %}", depth / 2) + "{{ 1 }}"
            + Repeat("{% endset %}{{ x }}{% endfor %}", depth / 2);
        string actual = "";

        OnSmallStack(() => actual = ChatTemplate.Compile(source).Render(new TemplateContext()));

        Assert.Equal("1", actual);
    }

    [Fact]
    public void Compile_LongSource_Refuses()
    {
        var exception = Assert.Throws<TemplateException>(
            () => ChatTemplate.Compile(new string('x', 101), new TemplateOptions { MaxSourceCharacters = 100 }));

        Assert.Contains("MaxSourceCharacters", exception.Message, StringComparison.Ordinal);
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    /// <summary>Runs on a stack as small as any platform gives a thread.</summary>
    private static void OnSmallStack(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (TemplateException exception)
                {
                    failure = exception;
                }
            },
            maxStackSize: 512 << 10);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
