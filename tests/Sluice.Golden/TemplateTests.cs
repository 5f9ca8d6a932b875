using System.Text.Json;
using Sluice.Models.Templates;

namespace Sluice.Golden;

/// <summary>Chat templates against the text that jinja2 gives with transformers' settings.</summary>
public sealed class TemplateTests(ITestOutputHelper output)
{
    /// <summary>Rows of tier dialect carry no verdict of their own; where they say what Python gives, that is the expectation.</summary>
    [Fact]
    public void Unit_EveryRow_IsAsPython()
    {
        string path = GoldenData.Require("templates/unit.jsonl");
        var failures = new List<string>();
        var counts = new SortedDictionary<string, (int Passed, int All)>();
        foreach (string line in File.ReadLines(path))
        {
            using JsonDocument row = JsonDocument.Parse(line);
            JsonElement root = row.RootElement;
            string tier = Text(root, "tier");
            string? expected = Text(root, "expected");
            if (root.TryGetProperty("python", out JsonElement python))
                expected = python.TryGetProperty("out", out JsonElement text) ? text.GetString() : null;
            else if (tier != "core")
                continue;

            var options = new TemplateOptions
            {
                TrimBlocks = root.GetProperty("trim_blocks").GetBoolean(),
                LstripBlocks = root.GetProperty("lstrip_blocks").GetBoolean(),
            };
            string actual = Render(Text(root, "template"), options, root.GetProperty("context"));
            bool passed = expected is null ? actual.StartsWith("error: ", StringComparison.Ordinal) : actual == expected;
            (int before, int all) = counts.GetValueOrDefault(tier);
            counts[tier] = (before + (passed ? 1 : 0), all + 1);
            if (!passed)
                failures.Add($"{tier} {Text(root, "name")}\n  expected {expected ?? "an error"}\n  actual   {actual}");
        }
        foreach ((string tier, (int passed, int all)) in counts)
            output.WriteLine($"templates/unit.jsonl, tier {tier}: {passed} of {all} as Python");
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [Fact]
    public void ChatRenders_EveryRow_IsExact()
    {
        string path = GoldenData.Require("templates/chat-renders.jsonl");
        using JsonDocument sources = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Require("templates/chat-templates.json")));
        using JsonDocument conversations = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Require("templates/chat-conversations.json")));
        Dictionary<string, ChatTemplate> templates = sources.RootElement.EnumerateObject()
            .ToDictionary(source => source.Name, source => ChatTemplate.Compile(source.Value.GetString()!));
        var failures = new List<string>();
        int texts = 0, errors = 0;
        foreach (string line in File.ReadLines(path))
        {
            using JsonDocument row = JsonDocument.Parse(line);
            JsonElement root = row.RootElement;
            string actual = Render(
                templates[Text(root, "template")], conversations.RootElement.GetProperty(Text(root, "conversation")));
            string? expected = root.TryGetProperty("expected", out JsonElement text) ? text.GetString() : null;
            bool passed = expected is null ? actual.StartsWith("error: ", StringComparison.Ordinal) : actual == expected;
            texts += passed && expected is not null ? 1 : 0;
            errors += passed && expected is null ? 1 : 0;
            if (!passed)
                failures.Add($"{Text(root, "name")}\n  expected {expected ?? "an error"}\n  actual   {actual}");
        }
        int all = texts + errors + failures.Count;
        output.WriteLine($"templates/chat-renders.jsonl: {texts} texts and {errors} errors as Python, of {all}");
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    /// <summary>Clients send arguments as a string and content as parts; what the model reads must not depend on it.</summary>
    [Theory]
    [InlineData("\"hi\"", "{\"city\": \"Paris\"}", "\"hi\"", "\"{\\\"city\\\":\\\"Paris\\\"}\"")]
    [InlineData("\"hi\"", "{\"city\": \"Paris\"}", "[{\"type\":\"text\",\"text\":\"hi\"}]", "{\"city\": \"Paris\"}")]
    public void ChatFormat_EitherShapeOfMessage_GivesTheSamePrompt(string text, string arguments, string otherText, string otherArguments)
    {
        using JsonDocument sources = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Require("templates/chat-templates.json")));
        int same = 0;
        foreach (JsonProperty source in sources.RootElement.EnumerateObject())
        {
            ChatTemplate template = ChatTemplate.Compile(source.Value.GetString()!);
            string plain = Format(template, text, arguments);
            // Templates that concatenate the arguments as text take only the string.
            if (plain.StartsWith("error: ", StringComparison.Ordinal))
                continue;
            Assert.Equal(plain, Format(template, otherText, otherArguments));
            same++;
        }
        output.WriteLine($"templates/chat-templates.json: {same} of {sources.RootElement.GetPropertyCount()} give one prompt for either shape");
        Assert.True(same > 50);
    }

    private static string Format(ChatTemplate template, string text, string arguments)
    {
        using JsonDocument messages = JsonDocument.Parse($$"""
            [{"role":"user","content":{{text}} },
             {"role":"assistant","content":"","tool_calls":[
               {"id":"call00001","type":"function","function":{"name":"get_weather","arguments":{{arguments}} } }]},
             {"role":"tool","name":"get_weather","tool_call_id":"call00001","content":"21"}]
            """);
        using JsonDocument tools = JsonDocument.Parse("""
            [{"type":"function","function":{"name":"get_weather","description":"Tells the weather.","parameters":{"type":"object",
              "properties":{"city":{"type":"string","description":"Where."}},"required":["city"]}}}]
            """);
        var prompt = new ChatPrompt { Messages = [.. messages.RootElement.EnumerateArray()], Tools = tools.RootElement };
        try
        {
            return new ChatFormat(template, [new("bos_token", "<s>"), new("eos_token", "</s>")]).Render(prompt, new StoppedClock());
        }
        catch (TemplateException exception)
        {
            return "error: " + exception.Message;
        }
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private static string Render(string source, TemplateOptions options, JsonElement context)
    {
        try
        {
            return Render(ChatTemplate.Compile(source, options), context);
        }
        catch (TemplateException exception)
        {
            return "error: " + exception.Message;
        }
    }

    private static string Render(ChatTemplate template, JsonElement context)
    {
        try
        {
            return template.Render(context, new StoppedClock());
        }
        catch (TemplateException exception)
        {
            return "error: " + exception.Message;
        }
    }

    /// <summary>The moment at which the reference texts were made.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2025, 7, 10, 12, 0, 0, TimeSpan.Zero);
    }
}
