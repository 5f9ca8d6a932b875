using System.Text.Json;
using Sluice.Models.Templates;

namespace Sluice.Tests.Models.Templates;

/// <summary>The language against jinja2 3.1.6, whose answers make_jinja_cases.py wrote into jinja-cases.jsonl.</summary>
public sealed class JinjaCasesTests(ITestOutputHelper output)
{
    [Fact]
    public void EveryCase_IsAsJinja2()
    {
        using Stream stream = typeof(JinjaCasesTests).Assembly.GetManifestResourceStream("jinja-cases.jsonl")!;
        using var lines = new StreamReader(stream);
        using JsonDocument variables = JsonDocument.Parse(lines.ReadLine()!);
        var clock = new StoppedClock(new DateTimeOffset(2025, 7, 6, 3, 4, 5, 67, TimeSpan.Zero));
        var failures = new List<string>();
        int cases = 0, differences = 0;
        while (lines.ReadLine() is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement row = document.RootElement;
            if (row.TryGetProperty("difference", out _))
            {
                differences++;
                continue;
            }
            cases++;
            string template = row.GetProperty("template").GetString()!;
            bool trim = row.TryGetProperty("trim", out JsonElement trims) && trims.GetBoolean();
            string? expected = row.TryGetProperty("expected", out JsonElement text) ? text.GetString() : null;
            (string? actual, string? error) = Render(template, trim, variables.RootElement, clock);
            if (actual != expected)
                failures.Add($"{template}\n  expected {expected ?? row.GetProperty("error").GetString()}\n  actual   {actual ?? error}");
        }

        output.WriteLine($"{cases - failures.Count} of {cases} cases as jinja2, {differences} more differ on purpose");
        Assert.True(failures.Count == 0, string.Join("\n", failures));
        Assert.True(cases > 2000);
    }

    private static (string? Text, string? Error) Render(string template, bool trim, JsonElement variables, TimeProvider clock)
    {
        try
        {
            var options = new TemplateOptions { TrimBlocks = trim, LstripBlocks = trim };
            return (ChatTemplate.Compile(template, options).Render(variables, clock), null);
        }
        catch (TemplateException exception)
        {
            return (null, exception.Message);
        }
    }
}
