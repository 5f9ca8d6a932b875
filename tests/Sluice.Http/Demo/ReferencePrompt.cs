using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sluice.Golden;

namespace Sluice.Http.Demo;

/// <summary>A prompt of the demo model with the greedy answer that torch computed, as a request of the API.</summary>
/// <param name="Path">Chat for conversations, completions for plain text.</param>
/// <param name="Body">The request without <c>stream</c>.</param>
/// <param name="Text">The answer as a client reads it.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
internal sealed partial record ReferencePrompt(
    string Name, string Path, JsonObject Body, string Text, string FinishReason, int PromptTokens)
{
    private const int MaxTokens = 64;

    public static IReadOnlyList<ReferencePrompt> Load(string model)
    {
        JsonElement references = JsonElement.Parse(File.ReadAllBytes(GoldenData.Require("../demo/refs/main.json")));
        return [.. references.GetProperty("prompts").EnumerateArray().Select(prompt => Read(prompt, model))];
    }

    private static ReferencePrompt Read(JsonElement prompt, string model)
    {
        string text = prompt.GetProperty("text").GetString()!;
        bool stopped = prompt.GetProperty("stopped").GetBoolean();
        MatchCollection turns = Turn().Matches(text);
        JsonObject body = turns.Count > 0
            ? new JsonObject { ["messages"] = new JsonArray([.. turns.Select(MessageOf)]) }
            : new JsonObject { ["prompt"] = text };
        body["model"] = model;
        body["max_tokens"] = MaxTokens;
        body["temperature"] = 0;
        return new ReferencePrompt(
            prompt.GetProperty("name").GetString()!,
            turns.Count > 0 ? "/v1/chat/completions" : "/v1/completions",
            body,
            EndToken().Replace(prompt.GetProperty("greedy_text").GetString()!, ""),
            stopped ? "stop" : "length",
            prompt.GetProperty("ids").GetArrayLength());
    }

    private static JsonNode MessageOf(Match turn) => new JsonObject { ["role"] = turn.Groups[1].Value, ["content"] = turn.Groups[2].Value };

    [GeneratedRegex(@"<\|im_start\|>(\w+)\n(.*?)<\|im_end\|>\n", RegexOptions.Singleline)]
    private static partial Regex Turn();

    [GeneratedRegex(@"<\|(im_end|endoftext)\|>$")]
    private static partial Regex EndToken();
}
