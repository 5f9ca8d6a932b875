using System.Runtime.CompilerServices;
using System.Text.Json;
using Sluice.Http.Fakes;
using Sluice.Http.Schemas;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Http.Errors;

/// <summary>
/// What a client sees when it is the source that fails: before the first byte a status, afterwards an event in the stream.
/// </summary>
public sealed class FaultTests
{
    private const string Path = "/v1/chat/completions";
    private const string Folded = """{"model":"fake","messages":[{"role":"user","content":"hi"}]}""";
    private const string Streamed = """{"model":"fake","stream":true,"messages":[{"role":"user","content":"hi"}]}""";

    [Theory]
    [InlineData(SourceFailure.Busy, 429, "rate_limit_error")]
    [InlineData(SourceFailure.Unavailable, 503, "server_error")]
    [InlineData(SourceFailure.Failed, 500, "server_error")]
    public async Task Source_FailsToPrepare_GivesItsStatus(SourceFailure reason, int status, string type)
    {
        var source = new ScriptedSource { Preparing = (_, _) => throw new SourceException(reason, "No room.", TimeSpan.FromSeconds(2.5)) };
        await using TestServer server = await TestServer.StartAsync(source);

        ErrorBody error = await PostAsync(server, Folded);

        Assert.Equal((status, type, "No room.", "3"), (error.Status, error.Type, error.Message, error.RetryAfter));
    }

    [Fact]
    public async Task Client_SaysHowLongItWaits_IsTheDeadlineThatTheSourceLearns()
    {
        var source = new ScriptedSource();
        await using TestServer server = await TestServer.StartAsync(source);
        server.Client.DefaultRequestHeaders.Add("x-request-timeout", "2.5");
        DateTimeOffset before = DateTimeOffset.UtcNow;
        using (HttpResponseMessage answer = await server.PostAsync(Path, Folded))
            Assert.True(answer.IsSuccessStatusCode);
        var waits = TimeSpan.FromSeconds(2.5);
        Assert.InRange(source.Contexts.Single().Deadline!.Value, before + waits, DateTimeOffset.UtcNow + waits);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("86401")]
    [InlineData("")]
    public async Task Client_SaysNonsenseAboutHowLongItWaits_IsRefused(string seconds)
    {
        await using TestServer server = await TestServer.StartAsync(new ScriptedSource());
        server.Client.DefaultRequestHeaders.TryAddWithoutValidation("x-request-timeout", seconds);
        ErrorBody error = await PostAsync(server, Folded);
        Assert.Equal((400, "x-request-timeout"), (error.Status, error.Param));
    }

    [Theory]
    [InlineData(Folded)]
    [InlineData(Streamed)]
    public async Task Source_FailsBeforeTheFirstEvent_GivesAStatusAlsoForAStream(string request)
    {
        ScriptedSource source = FailingAfter([], new SourceException(SourceFailure.Busy, "The queue is full."));
        await using TestServer server = await TestServer.StartAsync(source);

        ErrorBody error = await PostAsync(server, request);

        Assert.Equal((429, "queue_full", "1"), (error.Status, error.Code, error.RetryAfter));
        Assert.Equal(0, source.Reservations);
    }

    [Fact]
    public async Task Source_FailsMidStream_GivesAnErrorEventAndNoMark()
    {
        ScriptedSource source = FailingAfter(["a", "b"], new SourceException(SourceFailure.Failed, "The device is gone."));
        await using TestServer server = await TestServer.StartAsync(source);

        using HttpResponseMessage response = await server.PostAsync(Path, Streamed);

        IReadOnlyList<string> data = SseReader.Data(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        JsonElement last = JsonElement.Parse(data[^1]);
        ApiSchemas.Check("error", last);
        Assert.Equal("The device is gone.", last.GetProperty("error").GetProperty("message").GetString());
        Assert.DoesNotContain("[DONE]", data);
        Assert.Contains("\"b\"", data[^2], StringComparison.Ordinal);
        Assert.Equal(0, source.Reservations);
    }

    [Theory]
    [InlineData(Folded)]
    [InlineData(Streamed)]
    public async Task Source_HasABug_IsToldToTheLogAndNotToTheClient(string request)
    {
        ScriptedSource source = FailingAfter([], new InvalidCastException("secret detail"));
        await using TestServer server = await TestServer.StartAsync(source);

        ErrorBody error = await PostAsync(server, request);

        Assert.Equal((500, "internal_error"), (error.Status, error.Code));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        string line = Assert.Single(server.Log.Lines);
        Assert.Contains("secret detail", line, StringComparison.Ordinal);
        Assert.Contains(Assert.Single(source.Contexts).RequestId, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Folded)]
    [InlineData(Streamed)]
    public async Task Source_EndsWithoutAFinish_IsAFaultAndNoAnswer(string request)
    {
        ScriptedSource source = FailingAfter(["half an ans"], null);
        await using TestServer server = await TestServer.StartAsync(source);

        using HttpResponseMessage response = await server.PostAsync(Path, request);

        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("source_failed", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Source_RefusesTheRequest_GivesItsReason()
    {
        var tooLong = new InvalidRequestException("The prompt is too long.", "messages", "context_length_exceeded");
        var source = new ScriptedSource { Preparing = (_, _) => throw tooLong };
        await using TestServer server = await TestServer.StartAsync(source);

        ErrorBody error = await PostAsync(server, Streamed);

        Assert.Equal((400, "invalid_request_error"), (error.Status, error.Type));
        Assert.Equal(("messages", "context_length_exceeded"), (error.Param, error.Code));
    }

    private static async Task<ErrorBody> PostAsync(TestServer server, string request)
    {
        using HttpResponseMessage response = await server.PostAsync(Path, request);
        return await ErrorBody.ReadAsync(response);
    }

    private static ScriptedSource FailingAfter(string[] pieces, Exception? fault) =>
        new() { Script = (_, cancellation) => Failing(pieces, fault, cancellation) };

    private static async IAsyncEnumerable<CompletionEvent> Failing(
        string[] pieces, Exception? fault, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (string piece in pieces)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new CompletionEvent(0, piece);
        }
        await Task.Yield();
        if (fault is not null)
            throw fault;
    }
}
