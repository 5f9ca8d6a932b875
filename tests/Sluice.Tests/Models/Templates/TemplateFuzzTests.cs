using System.Text;
using System.Text.Json;
using Sluice.Models.Templates;

namespace Sluice.Tests.Models.Templates;

/// <summary>Templates spoilt at random, on contexts made at random: each renders or ends in a <see cref="TemplateException"/>.</summary>
public sealed class TemplateFuzzTests
{
    private static readonly TemplateOptions Small = new()
    {
        MaxSteps = 100_000,
        MaxAllocatedBytes = 16 << 20,
        MaxTextCharacters = 1 << 18,
        MaxDepth = 60,
    };

    private static readonly string[] Seeds =
    [
        "{% for m in messages %}{{ '<|' ~ m.role ~ '|>' }}{{ (m.content or '') | string | trim }}{% else %}none{% endfor %}\n",
        "{% set ns = namespace(found=false, n=messages | length - 1) %}{% for m in messages[::-1] %}{% set ns.n = ns.n + loop.index0 %}"
            + "{% if loop.last %}{% set ns.found = true %}{% endif %}{% endfor %}{{ ns.n }}{{ ns.found }}",
        "{% macro walk(x, depth=0) -%} {% if x is mapping %}{% for k, v in x.items() %}{{ k }}:{{ walk(v, depth + 1) }}{% endfor %}"
            + "{% elif x is string or x is not iterable %}{{ x }}@{{ depth }}{% else %}{% for v in x %}{{ walk(v) }}{% endfor %}{% endif %}"
            + "{%- endmacro %}{{ walk(tools) }}",
        "{% macro box(a, b='z') %}[{{ a }}{{ b }}{{ varargs }}{{ kwargs }}{{ caller() if caller }}]{% endmacro %}{{ box(1, 2, 3, c=4) }}"
            + "{% call(x) box(name) %}{{ x }}{% endcall %}",
        "{% for x in [1, [2, [3, 4]], 5] recursive %}{{ loop(x) if x is iterable else x }}{{ loop.depth }}{% endfor %}",
        "{% for x in range(9) if x is odd %}{% if x == 7 %}{% break %}{% elif x == 3 %}{% continue %}{% endif %}"
            + "{{ x }}{{ loop.cycle('a', 'b') }}{{ loop.previtem }}{{ loop.nextitem }}{{ loop.changed(x) }}{% endfor %}",
        "{% set text | replace('a', 'b') %}{{ '%s-%05.2f' % ('x', 2.5) }} {{ '{:>8}|{!r}'.format(name, x) }}{% endset %}{{ text }}",
        "{% filter indent(4) %}{{ messages | map(attribute='role') | join('\\n') }}{% endfilter %}",
        "{% generation %}{{ messages | groupby('role') | list | length }}{% endgeneration %}{% raw %}{{ }}{% endraw %}{# comment #}",
        "{{ [1, 'a', none, (2,)] + [{'a': 1}['a']] if y is undefined else y['z'][1:-1:2] }}",
        "{{ messages | map(attribute='content') | select('string') | unique | batch(2, 'x') | list }}",
        "{{ 7 // 2 ** 2 % 5 - 1.5e3 * -2 / 3 }} {{ 1 < 2 <= 2 != 3 }} {{ not 1 in [1] or 'a' ~ 1 == 'a1' }}",
        "{{ tools | tojson(indent=2) }}{{ x | tojson }}{{ messages | tojson(sort_keys=true) | length }}",
        "{{ strftime_now('%d %b %Y %-H') }}{{ '  Text, more '.strip().split(', ') | sort(reverse=true) }}{{ 'x'.center(9, '*')[2:-2] }}",
        "{% with a = 1, b = [2] %}{{ a }}{{ b | first | default('n') }}{% endwith %}{{ b is defined }}",
        "{% if messages and messages[0].role == 'system' %}{{ messages[0].content }}"
            + "{% set messages = messages[1:] %}{% endif %}{{ messages | length }}",
        "{% for k, v in {'b': 1, 'a': 2} | dictsort %}{{ k }}={{ v }}{% endfor %}{{ {'a': x}.get('b', 5) | round(1) | int }}",
    ];

    private static readonly string[] Fragments =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "~", "**", "//", "(", ")", "[", "]", "{", "}", "|", ".", ",", ":",
        "'", "\"", "\\", " ", "\n", "if ", "else", "for ", " in ", "endfor", "endif", "set ", "endset", "macro ", "endmacro",
        "loop", "loop(", "not ", " is ", "and ", "messages", "namespace(", "range(99999)", "10**9", "'x' * 99999", "0", "1.5", "none", "true",
        "|list", "|sort", "|tojson", "|map(", "|join", "caller()", "kwargs", "varargs", "recursive ", "%s", "{0}",
        ".format(", ".split()", "\U0001F680", "\u0000", "\uD83D", "raw ", "endraw",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void CompileAndRender_SpoiltTemplates_RenderOrRefuse(int seed)
    {
        var random = new Random(seed);
        int rendered = 0;
        for (int i = 0; i < 1500; i++)
        {
            string source = Spoil(string.Concat(random.GetItems(Seeds, random.Next(1, 4))), random);
            using JsonDocument variables = JsonDocument.Parse(Variables(random));
            try
            {
                ChatTemplate.Compile(source, Small).Render(variables.RootElement, TimeProvider.System);
                rendered++;
            }
            catch (TemplateException exception)
            {
                Assert.DoesNotContain('\n', exception.Message);
            }
        }

        // Neither so strong that nothing renders nor so weak that nothing breaks.
        Assert.InRange(rendered, 300, 1200);
    }

    private static string Spoil(string template, Random random)
    {
        var source = new StringBuilder(template);
        for (int changes = random.Next(0, 4); changes > 0; changes--)
        {
            int at = random.Next(source.Length), length = Math.Min(random.Next(1, 12), source.Length - at);
            switch (random.Next(4))
            {
                case 0:
                    source.Remove(at, length);
                    break;
                case 1:
                    source.Insert(at, Fragments[random.Next(Fragments.Length)]);
                    break;
                case 2:
                    source.Insert(at, source.ToString(at, length), random.Next(1, 20));
                    break;
                default:
                    int from = random.Next(source.Length);
                    source.Insert(at, source.ToString(from, Math.Min(random.Next(1, 80), source.Length - from)));
                    break;
            }
        }
        return source.ToString();
    }

    private static string Variables(Random random)
    {
        var json = new StringBuilder("{\"messages\":[");
        string[] roles = ["system", "user", "assistant", "tool"];
        for (int i = 0, count = random.Next(4); i < count; i++)
        {
            json.Append(i > 0 ? "," : "").Append($$"""{"role":"{{roles[random.Next(4)]}}","content":{{Value(random, 2)}},""");
            json.Append($$"""  "tool_calls":{{Value(random, 3)}}}""");
        }
        return json.Append($$"""],"tools":{{Value(random, 4)}},"x":{{Value(random, 3)}},"name":{{Value(random, 1)}}}""").ToString();
    }

    private static string Value(Random random, int depth) => random.Next(depth > 0 ? 9 : 6) switch
    {
        0 => "null",
        1 => random.Next(2) == 0 ? "true" : "false",
        2 => random.Next(-5, 1000).ToString(System.Globalization.CultureInfo.InvariantCulture),
        3 => "-1.5e300",
        4 => "123456789012345678901234567890",
        5 => "\" text \\n\\ud83d\\ude80 {{ x }} <b>\"",
        6 => $"[{Value(random, depth - 1)},{Value(random, depth - 1)}]",
        7 => $$"""{"type":"function","function":{"name":"f","arguments":{{Value(random, depth - 1)}} } }""",
        _ => $$"""{"a":{{Value(random, depth - 1)}},"items":{{Value(random, depth - 1)}}}""",
    };
}
