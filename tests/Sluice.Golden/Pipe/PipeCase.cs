using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Bench.Pipe;

namespace Sluice.Golden.Pipe;

/// <summary>The server side of one case: which reply a request gets, and what was seen of it.</summary>
internal sealed class PipeCase(JsonElement server)
{
    private const string Echo = "echo:{user}";

    private readonly ConcurrentDictionary<string, int> _seen = new(StringComparer.Ordinal);

    public ConcurrentQueue<FakeRequest> Requests { get; } = new();

    public FakeReply Answer(FakeRequest request)
    {
        Requests.Enqueue(request);
        string user = LastUser(request);
        JsonElement replies = ChooseReplies(user);
        int turn = _seen.AddOrUpdate(user, 0, static (_, before) => before + 1);
        JsonElement reply = replies[Math.Min(turn, replies.GetArrayLength() - 1)];
        return new FakeReply(Number(reply, "status") ?? 200, Body(reply, user))
        {
            Headers = [.. Headers(reply).Select(header => (header.Name, Fill(header.Value.GetString()!)))],
            Delay = TimeSpan.FromMilliseconds(Delay(reply, user)),
            Transport = Text(reply, "transport") switch
            {
                null => FakeTransport.Whole,
                "reset-before-response" => FakeTransport.Reset,
                "close-mid-body" => FakeTransport.CloseMidBody,
                var other => throw new InvalidDataException($"unknown transport {other}"),
            },
        };
    }

    public static JsonElement BodyOf(FakeRequest request) => JsonElement.Parse(request.Body);

    private static string LastUser(FakeRequest request) => BodyOf(request).GetProperty("messages").EnumerateArray()
        .Last(message => message.GetProperty("role").ValueEquals("user")).GetProperty("content").GetString()!;

    private JsonElement ChooseReplies(string user)
    {
        if (server.TryGetProperty("rules", out JsonElement rules))
        {
            foreach (JsonElement rule in rules.EnumerateArray())
            {
                if (rule.GetProperty("user_equals").ValueEquals(user))
                    return rule.GetProperty("respond");
            }
        }
        return server.GetProperty("default");
    }

    private static byte[] Body(JsonElement reply, string user)
    {
        if (Text(reply, "raw_body") is { } raw)
            return Encoding.UTF8.GetBytes(raw);
        string content = (Text(reply, "content") ?? Echo).Replace("{user}", user, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(
            $$$"""{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":{{{Quote(content)}}}},"finish_reason":{{{Quote(Text(reply, "finish_reason") ?? "stop")}}}}],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}""");
    }

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static int Delay(JsonElement reply, string user)
    {
        if (!reply.TryGetProperty("delay_ms_by_hash", out JsonElement range))
            return Number(reply, "delay_ms") ?? 0;
        int least = range[0].GetInt32(), most = range[1].GetInt32();
        uint hash = 2166136261;
        foreach (byte b in Encoding.UTF8.GetBytes(user))
            hash = (hash ^ b) * 16777619;
        return least + (int)(hash % (uint)(most - least + 1));
    }

    /// <summary>Times that are counted from now.</summary>
    private static string Fill(string value)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        if (value.StartsWith("{NOW_EPOCH_SECONDS+", StringComparison.Ordinal))
            return Add(now.ToUnixTimeSeconds(), value);
        if (value.StartsWith("{NOW_EPOCH_MS+", StringComparison.Ordinal))
            return Add(now.ToUnixTimeMilliseconds(), value);
        return value == "{HTTP_DATE+2S}" ? now.AddSeconds(2).ToString("R", CultureInfo.InvariantCulture) : value;
    }

    private static string Add(long now, string value) =>
        (now + long.Parse(value.AsSpan(value.IndexOf('+', StringComparison.Ordinal) + 1).TrimEnd('}'), CultureInfo.InvariantCulture))
            .ToString(CultureInfo.InvariantCulture);

    private static string? Text(JsonElement owner, string name) => owner.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static int? Number(JsonElement owner, string name) => owner.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : null;

    private static JsonElement.ObjectEnumerator Headers(JsonElement reply) =>
        reply.TryGetProperty("headers", out JsonElement headers) ? headers.EnumerateObject() : default;
}
