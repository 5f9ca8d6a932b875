using System.Text.Json;
using Sluice.Core;
using Sluice.Engine;
using Sluice.Local;
using Sluice.Models.Tokenizers;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;

namespace Sluice.Golden;

/// <summary>
/// Labels scored by the embedded model beside the same model decoding, on records of the kinds that it was trained to classify.
/// </summary>
public sealed class LabelScoringTests(ITestOutputHelper output)
{
    private const string Topic = "Classify the ticket as bug, feature, question, billing or other. Answer with one word.";
    private const string Sentiment = "Classify the sentiment of the text as positive, negative or neutral. Answer with one word.";

    private static readonly string[] Topics = ["bug", "feature", "question", "billing", "other"];
    private static readonly string[] Sentiments = ["positive", "negative", "neutral"];

    private static readonly (string System, string[] Labels, string Text, string Expected)[] Records = [.. Make()];

    [Theory]
    [InlineData("../demo/sluice-demo-f16.gguf", DType.F32)]
    [InlineData("../demo/sluice-demo-q8_0.gguf", DType.F16)]
    public async Task Score_ClassificationSet_IsAsGoodAsDecodingAndComputesNothingTwice(string model, DType kv)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var options = new LocalModelOptions { Engine = new EngineOptions { KvType = kv, ContextTokens = 512, MaxSequences = 16 } };
        using var local = LocalModel.Open(GoldenData.Require(model), options);
        var source = new LocalSource(local, TimeProvider.System, new Random(1));
        int scored = 0, decoded = 0, equal = 0, shared = 0;
        var before = new List<int[]>();
        foreach (var (system, labels, text, expected) in Records)
        {
            var messages = Messages(system, text);
            long computedBefore = local.Engine.Load.PromptTokens;
            var result = await source.ScoreAsync(
                new ScoringRequest { Model = local.Name, Messages = messages, Labels = labels }, new RequestContext("score"), cancellation);
            Assert.Equal(1, result.Labels.Sum(label => label.Probability), 1e-9);
            Assert.Equal(labels, result.Labels.Select(label => label.Label));
            while (local.Engine.Load.Running > 0) // which publishes what was computed
                await Task.Delay(1, cancellation);
            int[] prompt = Encode(local, Rendered(system, text));
            int known = before.Select(other => other.AsSpan().CommonPrefixLength(prompt)).DefaultIfEmpty().Max();
            before.Add(prompt);
            shared += known;
            int labelTokens = labels.Select(label => Encode(local, label)).SelectMany(Beginnings).Distinct().Count();
            Assert.Equal((prompt.Length, known), (result.Usage.PromptTokens, result.Usage.CachedTokens));
            Assert.Equal(prompt.Length - known + labelTokens, local.Engine.Load.PromptTokens - computedBefore);
            string answer = await DecodeAsync(local, source, messages, cancellation);
            scored += result.Best.Label == expected ? 1 : 0;
            decoded += answer == expected ? 1 : 0;
            equal += answer == result.Best.Label ? 1 : 0;
        }
        output.WriteLine($"{model}: {Records.Length} records, right by scores {scored}, by decoding {decoded}; both the same {equal}");
        output.WriteLine($"{shared} of {before.Sum(prompt => prompt.Length)} prompt tokens shared with a record before");
        Assert.InRange(Math.Abs(scored - decoded), 0, Records.Length / 100);
    }

    [Fact]
    public async Task Score_AnyLabels_EqualsLogprobsOfTheSameTexts()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var options = new LocalModelOptions { Engine = new EngineOptions { KvType = DType.F32, ContextTokens = 512, MaxSequences = 8 } };
        using var local = LocalModel.Open(GoldenData.Require("../demo/sluice-demo-f16.gguf"), options);
        var source = new LocalSource(local, TimeProvider.System, new Random(1));
        string[] labels = ["bug", "bug report", "bugs", "billing", "bill", "feature", "a new feature, please"];
        string prompt = Rendered(Topic, "The app crashes.");
        var result = await source.ScoreAsync(
            new ScoringRequest { Model = local.Name, Prompt = new PromptInput(prompt, null), Labels = labels }, new RequestContext("score"),
            cancellation);
        foreach (var label in result.Labels)
        {
            double expected = EchoedLogprob(local, prompt, label.Label);
            output.WriteLine($"{label.Label}: {label.Logprob:F5}, expected {expected:F5}, share {label.Probability:F5}");
            Assert.Equal(expected, label.Logprob, 1e-3);
        }
        Assert.Equal("bug", result.Best.Label);
    }

    /// <summary>From the logits of the whole text in one pass: an own sum over a softmax in double precision.</summary>
    private static double EchoedLogprob(LocalModel local, string prompt, string label)
    {
        int[] before = Encode(local, prompt), all = [.. before, .. Encode(local, label)];
        double sum = 0;
        local.ComputeLogits(DType.F32, all, 64, (position, logits) =>
        {
            if (position < before.Length - 1)
                return;
            double[] row = Distributions.LogSoftmax(logits);
            sum += position + 1 < all.Length ? row[all[position + 1]] : Math.Log(local.EndTokens.Sum(end => Math.Exp(row[end])));
        }, TestContext.Current.CancellationToken);
        return sum;
    }

    /// <summary>A conversation as the embedded model's template writes it.</summary>
    private static string Rendered(string system, string text) =>
        $"<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n";

    /// <summary>The places of a label in the tree of all labels.</summary>
    private static IEnumerable<string> Beginnings(int[] label) => label.Select((_, n) => string.Join(' ', label[..(n + 1)]));

    private static int[] Encode(LocalModel local, string text)
    {
        var ids = new List<int>();
        local.Tokenizer.Encode(text, EncodeOptions.Rendered, ids);
        return [.. ids];
    }

    private static async Task<string> DecodeAsync(
        LocalModel local, LocalSource source, IReadOnlyList<ChatMessage> messages, CancellationToken cancellation)
    {
        var request = new Request(Body(local.Name, messages), new OpenAiChatDialect());
        using var prepared = await source.PrepareAsync(request, new RequestContext("decode"), cancellation);
        string text = "";
        await foreach (var e in source.CompleteAsync(prepared, cancellation))
            text += e.Text;
        return text.Trim();
    }

    private static IReadOnlyList<ChatMessage> Messages(string system, string user) => [Message("system", system), Message("user", user)];

    private static ChatMessage Message(string role, string content) => new(
        role, content,
        JsonElement.Parse(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["role"] = role, ["content"] = content })));

    private static IEnumerable<(string, string[], string, string)> Make()
    {
        string[] pages = ["checkout page", "login page", "settings page", "search page", "profile page"];
        foreach (string page in pages)
        {
            foreach (string action in new[] { "save", "submit", "delete", "upload" })
                yield return (Topic, Topics, $"The {page} crashes when I click {action}.", "bug");
            yield return (Topic, Topics, $"Please add a dark mode to the {page}.", "feature");
            yield return (Topic, Topics, $"It would be great if the {page} had shortcuts.", "feature");
            yield return (Topic, Topics, $"How do I change the language of the {page}?", "question");
            yield return (Topic, Topics, $"Where can I find the {page}?", "question");
        }
        foreach (string month in new[] { "March", "April", "May", "June", "July" })
        {
            yield return (Topic, Topics, $"I was charged twice in {month}.", "billing");
            yield return (Topic, Topics, $"My invoice for {month} is wrong.", "billing");
            yield return (Topic, Topics, $"Thanks for the nice meeting in {month}.", "other");
        }
        foreach (string thing in new[] { "support team", "hotel", "movie", "kettle", "food", "book" })
        {
            yield return (Sentiment, Sentiments, $"The {thing} was very good and helpful.", "positive");
            yield return (Sentiment, Sentiments, $"I love the {thing}.", "positive");
            yield return (Sentiment, Sentiments, $"The {thing} was terrible and slow.", "negative");
            yield return (Sentiment, Sentiments, $"I am very unhappy with the {thing}.", "negative");
            yield return (Sentiment, Sentiments, $"The {thing} is in the second room.", "neutral");
        }
    }

    /// <summary>A conversation as the body of a greedy chat request.</summary>
    private static byte[] Body(string model, IReadOnlyList<ChatMessage> messages)
    {
        var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteNumber("temperature", 0);
            json.WriteNumber("max_tokens", 12);
            json.WriteStartArray("messages");
            foreach (var message in messages)
                message.Raw.WriteTo(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return stream.ToArray();
    }
}
