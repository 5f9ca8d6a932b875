#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
// A stand-in for a bought model: speaks enough of OpenAI's chat API to be a source of a pool, and answers the same to everybody.
//
//   dotnet run examples/fake-remote.cs            # http://127.0.0.1:8090/v1
//   dotnet run examples/fake-remote.cs -- 200     # takes 200 ms to its first token
//
using System.Globalization;
using System.Text.Json;

int delay = args is [var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 50;
string[] words = ["I ", "am ", "a ", "fake ", "remote ", "model."];
const string Head = "\"id\":\"chatcmpl-fake\",\"created\":0,\"model\":\"fake\"";
string usage = $$"""{"prompt_tokens":10,"completion_tokens":{{words.Length}},"total_tokens":{{10 + words.Length}}}""";

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls("http://127.0.0.1:8090");
builder.Logging.SetMinimumLevel(LogLevel.Warning);
WebApplication app = builder.Build();
app.MapGet("/v1/models", () => Results.Text("""{"object":"list","data":[{"id":"fake","object":"model","created":0,"owned_by":"fake"}]}""", "application/json"));
app.MapPost("/v1/chat/completions", async http =>
{
    using JsonDocument body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
    await Task.Delay(delay, http.RequestAborted);
    if (body.RootElement.TryGetProperty("stream", out JsonElement stream) && stream.ValueKind == JsonValueKind.True)
        await StreamAsync(http);
    else
        await Results.Text($$"""
            {{{Head}},"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"{{string.Concat(words)}}","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{{usage}}}
            """, "application/json").ExecuteAsync(http);
});
Console.WriteLine("a fake remote model answers on http://127.0.0.1:8090/v1 (Ctrl-C ends)");
await app.RunAsync();

async Task StreamAsync(HttpContext http)
{
    http.Response.ContentType = "text/event-stream";
    foreach (string word in words)
    {
        await SendAsync(http, $$"""{"index":0,"delta":{"content":"{{word}}"},"finish_reason":null}""", "");
        await Task.Delay(20, http.RequestAborted);
    }
    await SendAsync(http, """{"index":0,"delta":{},"finish_reason":"stop"}""", "");
    await SendAsync(http, "", $",\"usage\":{usage}");
    await http.Response.WriteAsync("data: [DONE]\n\n", http.RequestAborted);
}

static async Task SendAsync(HttpContext http, string choice, string more)
{
    await http.Response.WriteAsync($$"""data: {{{Head}},"object":"chat.completion.chunk","choices":[{{choice}}]{{more}}}""" + "\n\n", http.RequestAborted);
    await http.Response.Body.FlushAsync(http.RequestAborted);
}
