using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Models.Answers;
using Sluice.Models.Templates;

namespace Sluice.Golden;

/// <summary>
/// What models wrote against what their families' reference readers made of it: text, thoughts and calls, read whole and in pieces. The
/// format is found by the chat template, as it is for a model.
/// </summary>
public sealed class ToolCallTests(ITestOutputHelper output)
{
    private static readonly int[] Pieces = [1, 2, 5, 13, 64, int.MaxValue];

    [Fact]
    public void Parse_EveryRow_IsAsTheReferenceHasIt()
    {
        using var templates = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Require("toolcalls/templates.json")));
        var models = templates.RootElement.EnumerateObject().ToDictionary(template => template.Name, template => Open(template.Value.GetString()!));
        var failures = new List<string>();
        int rows = 0, calls = 0, thoughts = 0;
        foreach (string line in File.ReadLines(GoldenData.Require("toolcalls/parse.jsonl")))
        {
            using var row = JsonDocument.Parse(line);
            var root = row.RootElement;
            var (format, opening) = models[Text(root, "template")];
            var expected = ExpectedOf(root.GetProperty("expect"));
            var options = new AnswerOptions
            {
                Tools = root.GetProperty("tools") is { ValueKind: JsonValueKind.Array } tools ? tools : null,
                ParallelCalls = root.GetProperty("parallel_tool_calls").GetBoolean(),
                ThoughtsInText = Text(root, "reasoning_format") == "none",
                JsonText = root.TryGetProperty("json_schema", out var schema) && schema.ValueKind == JsonValueKind.Object,
            };
            string prompt = Text(root, "generation_prompt");
            string begun = opening.HasHeader ? opening.Of(prompt) : prompt;
            foreach (int size in Pieces)
            {
                var message = Read(format, options, begun, Text(root, "output"), size, root.GetProperty("is_partial").GetBoolean());
                if (!expected.IsMetBy(message))
                    failures.Add($"{Text(root, "name")} ({format.Name}) in pieces of {size}\n  expected {expected}\n  actual   {message}");
            }
            rows++;
            calls += expected.Calls.Count > 0 ? 1 : 0;
            thoughts += expected.Thought.Length > 0 ? 1 : 0;
        }
        output.WriteLine($"toolcalls/parse.jsonl: {rows} rows over {models.Count} templates ({calls} with calls, {thoughts} with thoughts), " +
            $"whole and in pieces of {string.Join(", ", Pieces.SkipLast(1))}: {failures.Count} differ");
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    /// <summary>The rows name no template and no tools, only their parser.</summary>
    [Fact]
    public void DeepSeekV4_EveryRow_IsAsTheReferenceHasIt()
    {
        using var tools = JsonDocument.Parse("""[{"type":"function","function":{"name":"any"}}]""");
        var failures = new List<string>();
        int rows = 0;
        foreach (string line in File.ReadLines(GoldenData.Require("toolcalls/fastllm-deepseek_v4.jsonl")))
        {
            using var row = JsonDocument.Parse(line);
            var root = row.RootElement;
            var format = AnswerFormat.Named(Text(root, "parser").Replace('_', '-'), "")!;
            var expected = ExpectedOf(root.GetProperty("expected"));
            foreach (int size in Pieces)
            {
                var message = Read(format, new AnswerOptions { Tools = tools.RootElement }, "", Text(root, "raw_output"), size, cut: false);
                if (!expected.IsMetBy(message))
                    failures.Add($"{Text(root, "id")} in pieces of {size}\n  expected {expected}\n  actual   {message}");
            }
            rows++;
        }
        output.WriteLine($"toolcalls/fastllm-deepseek_v4.jsonl: {rows} rows, whole and in pieces: {failures.Count} differ");
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    private static (AnswerFormat Format, AnswerOpening Opening) Open(string template)
    {
        var format = AnswerFormat.Of(template);
        return (format, AnswerOpening.Find(new ChatFormat(ChatTemplate.Compile(template), [new("bos_token", ""), new("eos_token", "")]), format));
    }

    private static Message Read(AnswerFormat format, AnswerOptions options, string begun, string text, int size, bool cut)
    {
        var reader = format.CreateReader(options, begun);
        var parts = new List<AnswerPart>(reader.Opening);
        var runes = text.EnumerateRunes().Select(rune => rune.ToString()).ToArray();
        foreach (string[] piece in runes.Chunk(Math.Min(size, runes.Length + 1)))
            parts.AddRange(reader.Append(string.Concat(piece)));
        parts.AddRange(reader.Finish(cut));

        var calls = new List<Call>();
        foreach (var part in parts)
        {
            if (part.Kind == AnswerPartKind.Call)
                calls.Add(new Call(part.Text, part.Id, ""));
            else if (part.Kind == AnswerPartKind.Arguments)
                calls[^1] = calls[^1] with { Arguments = calls[^1].Arguments + part.Text };
        }
        return new Message(Joined(AnswerPartKind.Text), Joined(AnswerPartKind.Thought), calls);

        string Joined(AnswerPartKind kind) => string.Concat(parts.Where(part => part.Kind == kind).Select(part => part.Text));
    }

    private static Message ExpectedOf(JsonElement expected) => new(
        TextOrEmpty(expected, "content"), TextOrEmpty(expected, "reasoning_content"),
        [.. expected.GetProperty("tool_calls").EnumerateArray().Select(call => new Call(
            Text(call, "name"), TextOrEmpty(call, "id"),
            call.GetProperty("arguments") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : call.GetProperty("arguments").GetRawText()))]);

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private static string TextOrEmpty(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private sealed record Call(string Name, string? Id, string Arguments)
    {
        /// <summary>The id counts where the reference gives one; arguments as JSON, or as they stand where they are cut off.</summary>
        public bool IsMetBy(Call other) =>
            Name == other.Name && (Id is null or "" || Id == other.Id) && (Arguments == other.Arguments || Same(Arguments, other.Arguments));

        private static bool Same(string one, string other)
        {
            try
            {
                return JsonNode.DeepEquals(JsonNode.Parse(one), JsonNode.Parse(other));
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }

    private sealed record Message(string Content, string Thought, IReadOnlyList<Call> Calls)
    {
        public bool IsMetBy(Message other) =>
            Content == other.Content && Thought == other.Thought && Calls.Count == other.Calls.Count
            && Calls.Zip(other.Calls).All(pair => pair.First.IsMetBy(pair.Second));

        public override string ToString()
        {
            var text = new StringBuilder($"text {JsonSerializer.Serialize(Content)}, thought {JsonSerializer.Serialize(Thought)}");
            foreach (var call in Calls)
                text.Append($", {call.Name}({call.Arguments}) id {call.Id}");
            return text.ToString();
        }
    }
}
