using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sluice.Core.Errors;

namespace Sluice.Cli.Load;

/// <summary>A server with an OpenAI-compatible API, and what is asked of it. Sends and times requests; any number at once.</summary>
internal sealed class LoadTarget : IDisposable
{
    private const int LongestErrorBytes = 64 * 1024;

    private readonly HttpClient _client;
    private readonly LoadApi _api;
    private readonly JsonElement? _fields;
    private readonly TimeSpan _timeout;

    /// <param name="url">With or without <c>/v1</c> at its end.</param>
    /// <param name="key">Sent as a bearer token; null for none.</param>
    /// <param name="fields">An object whose members every request's body gets too.</param>
    /// <param name="timeout">For a whole answer.</param>
    public LoadTarget(Uri url, LoadApi api, string? key, JsonElement? fields, TimeSpan timeout)
    {
        _api = api;
        _fields = fields;
        _timeout = timeout;
        string root = url.AbsoluteUri.TrimEnd('/');
        // Every request may have a connection of its own, made directly: a proxy or a pool's limit would be measured instead of the server.
        var handler = new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = int.MaxValue, AllowAutoRedirect = false };
        _client = new HttpClient(handler)
        {
            BaseAddress = new Uri(root.EndsWith("/v1", StringComparison.Ordinal) ? root + "/" : root + "/v1/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (key is not null)
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Uri Url => _client.BaseAddress!;

    /// <summary>The name of the first model that the server lists.</summary>
    /// <exception cref="SluiceException">It cannot be reached, or lists none.</exception>
    public async Task<string> FindModelAsync(CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage response = await _client.GetAsync("models", cancellation);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new SluiceException($"{Url}models answers {(int)response.StatusCode}: name the model with --model");
            using var list = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellation));
            return list.RootElement.GetProperty("data")[0].GetProperty("id").GetString()!;
        }
        catch (HttpRequestException unreachable)
        {
            throw new SluiceException($"{Url} cannot be reached: {unreachable.Message}", unreachable);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new SluiceException($"{Url}models gives no list of models: name the model with --model", e);
        }
    }

    /// <summary>The body of a streamed, greedy request.</summary>
    public byte[] WriteBody(string model, string prompt, int maxTokens)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("model", model);
            WritePrompt(writer, prompt);
            if (!IsGiven("max_tokens"))
                writer.WriteNumber("max_tokens", maxTokens);
            if (!IsGiven("temperature"))
                writer.WriteNumber("temperature", 0);
            writer.WriteBoolean("stream", true);
            writer.WriteStartObject("stream_options");
            writer.WriteBoolean("include_usage", true);
            writer.WriteEndObject();
            foreach (JsonProperty field in _fields?.EnumerateObject() ?? default)
                field.WriteTo(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Sends one request and reads its answer to the end. Whatever goes wrong, a cancellation too, is the answer's failure.
    /// </summary>
    public async Task<StreamedAnswer> SendAsync(byte[] body, LoadClock clock, CancellationToken cancellation)
    {
        var answer = new StreamedAnswer(clock);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _api == LoadApi.Chat ? "chat/completions" : "completions");
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            await using Stream stream = await response.Content.ReadAsStreamAsync(patience.Token);
            if (response.StatusCode != HttpStatusCode.OK)
                answer.Fail($"HTTP {(int)response.StatusCode}", await ReadErrorAsync(stream, patience.Token));
            else if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
                answer.Fail("no stream", $"the answer is '{response.Content.Headers.ContentType}', not text/event-stream");
            else
                await answer.ReadAsync(stream, patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            if (cancellation.IsCancellationRequested)
                answer.Fail(LoadFailure.Interrupted, "the run was broken off");
            else if (patience.IsCancellationRequested)
                answer.Fail("timeout", $"no whole answer within {_timeout.TotalSeconds:0.#} s");
            else
                answer.Fail(IsRefused(e) ? "no connection" : "broken connection", e.Message);
        }
        answer.End();
        return answer;
    }

    public void Dispose() => _client.Dispose();

    private static bool IsRefused(Exception e) => e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };

    private bool IsGiven(string field) => _fields?.TryGetProperty(field, out _) == true;

    private void WritePrompt(Utf8JsonWriter writer, string prompt)
    {
        if (_api == LoadApi.Completions)
        {
            writer.WriteString("prompt", prompt);
            return;
        }
        writer.WriteStartArray("messages");
        writer.WriteStartObject();
        writer.WriteString("role", "user");
        writer.WriteString("content", prompt);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    /// <summary>The message of an error's body, or the beginning of whatever else came.</summary>
    private static async Task<string> ReadErrorAsync(Stream stream, CancellationToken cancellation)
    {
        var bytes = new byte[LongestErrorBytes];
        int read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        string text = Encoding.UTF8.GetString(bytes, 0, read);
        try
        {
            using var json = JsonDocument.Parse(text);
            return StreamEvent.ErrorMessageOf(json.RootElement) ?? text;
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
