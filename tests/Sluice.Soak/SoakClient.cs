using System.Net;
using System.Text;
using System.Text.Json;

namespace Sluice.Soak;

/// <summary>Sends requests of the mix one after the other and checks every answer to its last event.</summary>
/// <param name="known">The answers to the known prompts; empty while they are asked for.</param>
internal sealed class SoakClient(HttpClient http, IReadOnlyDictionary<(SoakKind, int), string> known, SoakTally tally, Random random)
{
    // Of a hundred requests.
    private static readonly (SoakKind Kind, int Weight)[] Mix =
    [
        (SoakKind.Known, 16), (SoakKind.Adapted, 6), (SoakKind.Constrained, 6), (SoakKind.Discarding, 6), (SoakKind.Choices, 14), (SoakKind.Folded, 12), (SoakKind.Embeddings, 12),
        (SoakKind.LeftMidway, 12), (SoakKind.LeftAtOnce, 6), (SoakKind.ReadSlowly, 6), (SoakKind.TooLong, 4),
    ];

    public async Task RunAsync(Func<bool> goesOn)
    {
        while (goesOn())
        {
            SoakKind kind = Draw();
            tally.CountSent(kind);
            HttpStatusCode? status = await SendAsync(kind);
            tally.CountEnded(kind, status);
            if (status == HttpStatusCode.TooManyRequests)
                await Task.Delay(random.Next(100)); // as a client does that is told to come back
        }
    }

    /// <summary>The answer to a known request, whatever else runs.</summary>
    public async Task<string> AskKnownAsync(SoakKind kind, int index)
    {
        var (status, choices) = await StreamAsync(SoakText.KnownBody(kind, index), TimeSpan.Zero, int.MaxValue);
        Assert.Equal(HttpStatusCode.OK, status);
        return Assert.Single(choices);
    }

    private async Task<HttpStatusCode?> SendAsync(SoakKind kind)
    {
        string text = SoakText.Draw(random);
        int tokens = random.Next(1, 120);
        switch (kind)
        {
            case SoakKind.Known or SoakKind.Adapted or SoakKind.Constrained or SoakKind.Discarding:
                return await SendKnownAsync(kind);
            case SoakKind.Choices:
                return await SendStreamAsync(
                    $$"""{"model":"demo","messages":[{"role":"user","content":"{{text}}"}],"max_tokens":{{tokens}},"n":3,"stream":true}""", choices: 3);
            case SoakKind.Folded:
                return await SendFoldedAsync(
                    $$"""{"model":"demo","prompt":["{{text}}","{{SoakText.Draw(random)}}"],"max_tokens":{{tokens}},"n":2}""", "choices", 4);
            case SoakKind.Embeddings:
                return await SendFoldedAsync($$"""{"model":"demo","input":["{{text}}","{{SoakText.Draw(random)}}","short"]}""", "data", 3);
            case SoakKind.LeftMidway:
                var (status, _) = await StreamAsync(Completion(text, 100), TimeSpan.Zero, leaveAfter: random.Next(1, 12));
                return status == HttpStatusCode.OK ? null : status;
            case SoakKind.LeftAtOnce:
                return await LeaveAtOnceAsync(Completion(text, 200));
            case SoakKind.ReadSlowly:
                return await SendStreamAsync(Completion(text, tokens), choices: 1, TimeSpan.FromMilliseconds(random.Next(1, 30)));
            default:
                return await SendFoldedAsync(Completion(SoakText.TooLong, 5), "error", 0);
        }
    }

    private async Task<HttpStatusCode?> SendKnownAsync(SoakKind kind)
    {
        int index = random.Next(SoakText.Known.Length);
        var (status, choices) = await StreamAsync(SoakText.KnownBody(kind, index), TimeSpan.Zero, int.MaxValue);
        if (status == HttpStatusCode.OK)
            Assert.Equal(known[(kind, index)], Assert.Single(choices)); // alone, among others, preempted or not
        return status;
    }

    private async Task<HttpStatusCode?> SendStreamAsync(string body, int choices, TimeSpan pause = default)
    {
        var (status, given) = await StreamAsync(body, pause, int.MaxValue);
        if (status == HttpStatusCode.OK)
            Assert.Equal(choices, given.Count);
        return status;
    }

    private async Task<HttpStatusCode?> SendFoldedAsync(string body, string member, int count)
    {
        string path = member == "data" ? "/v1/embeddings" : "/v1/completions";
        using HttpResponseMessage response = await http.SendAsync(Post(path, body));
        var json = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        if (response.StatusCode == HttpStatusCode.OK)
        {
            Assert.Equal(count, json.GetProperty(member).GetArrayLength());
            if (member == "choices")
                Assert.All(json.GetProperty(member).EnumerateArray(), choice => Assert.True(choice.GetProperty("finish_reason").GetString() is "stop" or "length"));
        }
        else
        {
            Assert.NotNull(json.GetProperty("error").GetProperty("message").GetString());
        }
        return response.StatusCode;
    }

    private async Task<HttpStatusCode?> LeaveAtOnceAsync(string body)
    {
        using var leave = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(0, 15)));
        try
        {
            using var request = Post("/v1/completions", body);
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave.Token);
            return response.StatusCode == HttpStatusCode.TooManyRequests ? response.StatusCode : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Reads a stream to its end, or leaves it; at its end every choice has had exactly one finish.</summary>
    /// <returns>The choices' texts.</returns>
    private async Task<(HttpStatusCode Status, IReadOnlyList<string> Choices)> StreamAsync(string body, TimeSpan pause, int leaveAfter)
    {
        string path = body.Contains("\"messages\"", StringComparison.Ordinal) ? "/v1/chat/completions" : "/v1/completions";
        using HttpResponseMessage response = await http.SendAsync(Post(path, body), HttpCompletionOption.ResponseHeadersRead);
        if (response.StatusCode != HttpStatusCode.OK)
            return (response.StatusCode, []);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var texts = new SortedDictionary<int, StringBuilder>();
        var finished = new HashSet<int>();
        for (int events = 0; events < leaveAfter && await reader.ReadLineAsync() is { } line;)
        {
            if (line.Length == 0)
                continue;
            Assert.StartsWith("data: ", line, StringComparison.Ordinal);
            if (line == "data: [DONE]")
            {
                Assert.Equal(texts.Keys, finished.Order());
                return (response.StatusCode, [.. texts.Values.Select(text => text.ToString())]);
            }
            Take(JsonElement.Parse(line["data: ".Length..]), texts, finished);
            events++;
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause);
        }
        Assert.True(leaveAfter < int.MaxValue, "the stream ended without its end mark");
        return (response.StatusCode, []);
    }

    private static void Take(JsonElement chunk, SortedDictionary<int, StringBuilder> texts, HashSet<int> finished)
    {
        Assert.False(chunk.TryGetProperty("error", out JsonElement error), error.ToString());
        foreach (JsonElement choice in chunk.GetProperty("choices").EnumerateArray())
        {
            int index = choice.GetProperty("index").GetInt32();
            Assert.DoesNotContain(index, finished); // nothing comes after the finish
            if (!texts.TryGetValue(index, out StringBuilder? text))
                texts[index] = text = new StringBuilder();
            bool isChat = choice.TryGetProperty("delta", out JsonElement delta);
            bool hasText = isChat ? delta.TryGetProperty("content", out JsonElement piece) : choice.TryGetProperty("text", out piece);
            text.Append(hasText ? piece.GetString() : null);
            if (choice.GetProperty("finish_reason").ValueKind == JsonValueKind.String)
                Assert.True(finished.Add(index));
        }
    }

    private SoakKind Draw()
    {
        int at = random.Next(Mix.Sum(entry => entry.Weight));
        return Mix.First(entry => (at -= entry.Weight) < 0).Kind;
    }

    private string Completion(string prompt, int tokens) =>
        $$"""{"model":"demo","prompt":"{{prompt}}","max_tokens":{{tokens}},"temperature":{{(random.Next(2) == 0 ? "0" : "1")}},"stream":true}""";

    private static HttpRequestMessage Post(string path, string body) =>
        new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
