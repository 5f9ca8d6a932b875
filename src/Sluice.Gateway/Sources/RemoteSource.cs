using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sluice.Gateway.Routing;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Gateway.Sources;

/// <summary>
/// One model of a server that is reached by HTTP. A request in a dialect that the server speaks is relayed as bytes, with the model's name
/// replaced; any other is translated and its answer read. Borrows the connections.
/// </summary>
internal sealed class RemoteSource : ICompletionSource, IEmbeddingSource, ILoadReporter
{
    private const string Sse = "text/event-stream";
    private const string Json = "application/json";

    private readonly Upstream _upstream;
    private readonly string _model;
    private readonly byte[] _quotedModel;
    private readonly Dictionary<RelayRoute, Uri> _relays;
    private readonly Uri _translated;
    private readonly Uri? _embeddings;
    private int _running;

    /// <param name="name">What pools call the model.</param>
    /// <param name="model">What the server calls it.</param>
    public RemoteSource(Upstream upstream, string name, string model)
    {
        (_upstream, _model) = (upstream, model);
        _quotedModel = [.. "\""u8, .. JsonEncodedText.Encode(model).EncodedUtf8Bytes, .. "\""u8];
        _relays = upstream.Kind.Relays.Values.Distinct().ToDictionary(route => route, route => upstream.Locate(model, route.Path));
        _translated = upstream.Locate(model, upstream.Kind.Wire.PathOf(model));
        _embeddings = upstream.Kind.EmbeddingsPath is { } path ? upstream.Locate(model, path) : null;
        Info = new SourceInfo(upstream.Name, [name], upstream.Time.GetUtcNow());
    }

    public SourceInfo Info { get; }

    public SourceCapabilities Capabilities { get; } = new(ContextTokens: null, Chat: true);

    public bool Embeds => _embeddings is not null;

    public SourceLoad Load => new(Running: Volatile.Read(ref _running), Queued: 0);

    public ValueTask<Prepared> PrepareAsync(Request request, RequestContext context, CancellationToken cancellation)
    {
        int tokens = TokenEstimate.OfPrompt(request.Body.Length);
        if (_upstream.Kind.Relays.TryGetValue(request.Dialect.Name, out RelayRoute? route))
        {
            return route.Counts
                ? CountAsync(request, route, context, cancellation)
                : ValueTask.FromResult<Prepared>(new RemotePrepared(request, context)
                {
                    PromptTokens = tokens, Route = route, AnswersAtOnce = !request.Head.Stream,
                });
        }
        var body = new ArrayBufferWriter<byte>(request.Body.Length + 256);
        _upstream.Kind.Wire.WriteRequest(request.View, _model, body);
        return ValueTask.FromResult<Prepared>(
            new RemotePrepared(request, context) { PromptTokens = tokens, Translated = body.WrittenMemory });
    }

    public IAsyncEnumerable<CompletionEvent> CompleteAsync(Prepared prepared, CancellationToken cancellation)
    {
        var remote = (RemotePrepared)prepared;
        return remote.Route is not { } route ? TranslateAsync(remote, cancellation)
            : remote.Request.Head.Stream ? RelayStreamAsync(remote, route, cancellation)
            : RelayWholeAsync(remote, route, cancellation);
    }

    /// <exception cref="InvalidRequestException">The source's API has no embeddings.</exception>
    public async Task<EmbeddingResult> EmbedAsync(EmbeddingRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (_embeddings is null)
        {
            throw new InvalidRequestException(
                $"The model '{request.Head.Model}' makes no embeddings; name another one.", "model", "unsupported_model");
        }
        Interlocked.Increment(ref _running);
        try
        {
            using var call = new UpstreamCall(_upstream, cancellation);
            using HttpRequestMessage message = CreatePost(_embeddings, request.Body, null, request.Head, context);
            ReadOnlyMemory<byte> body = await call.ReadWholeAsync(await call.OpenAsync(message, Json).ConfigureAwait(false)).ConfigureAwait(false);
            Usage? usage = WholeAnswer.Check(_upstream.Name, body.Span);
            return new EmbeddingResult([], usage ?? new Usage(0, 0, 0), body.ToArray());
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>Asks the source itself how many tokens a prompt has.</summary>
    private async ValueTask<Prepared> CountAsync(Request request, RelayRoute route, RequestContext context, CancellationToken cancellation)
    {
        using var call = new UpstreamCall(_upstream, cancellation);
        using HttpRequestMessage message = CreatePost(_relays[route], request, context);
        ReadOnlyMemory<byte> body = await call.ReadWholeAsync(await call.OpenAsync(message, Json).ConfigureAwait(false)).ConfigureAwait(false);
        return new RemotePrepared(request, context) { PromptTokens = WholeAnswer.Count(_upstream.Name, body.Span), Route = route };
    }

    private async IAsyncEnumerable<CompletionEvent> RelayWholeAsync(
        RemotePrepared prepared, RelayRoute route, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Interlocked.Increment(ref _running);
        try
        {
            using var call = new UpstreamCall(_upstream, cancellation);
            using HttpRequestMessage message = CreatePost(_relays[route], prepared.Request, prepared.Context);
            ReadOnlyMemory<byte> body = await call.ReadWholeAsync(await call.OpenAsync(message, Json).ConfigureAwait(false)).ConfigureAwait(false);
            yield return new CompletionEvent(0, "", Usage: WholeAnswer.Check(_upstream.Name, body.Span), Raw: body);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async IAsyncEnumerable<CompletionEvent> RelayStreamAsync(
        RemotePrepared prepared, RelayRoute route, [EnumeratorCancellation] CancellationToken cancellation)
    {
        RequestHead head = prepared.Request.Head;
        bool asksForUsage = route.Form == RelayForm.OpenAi && !head.IncludeUsage;
        Interlocked.Increment(ref _running);
        try
        {
            using var call = new UpstreamCall(_upstream, cancellation);
            using HttpRequestMessage message = asksForUsage
                ? CreatePost(_relays[route], prepared.Request, prepared.Context, head.AskUsage)
                : CreatePost(_relays[route], prepared.Request, prepared.Context);
            using var frames = new SseBuffer(await call.OpenAsync(message, Sse).ConfigureAwait(false), _upstream.Name);
            var watch = new RelayWatch(route.Form, strip: asksForUsage);
            while (!watch.Ended && await call.ReadAsync(frames).ConfigureAwait(false) is { IsEmpty: false } run)
            {
                ReadOnlyMemory<byte> raw = watch.Take(run);
                if (raw.IsEmpty)
                    continue;
                yield return new CompletionEvent(0, "", Raw: raw);
            }
            watch.TakeRest(frames.Rest);
            if (!watch.Ended && !watch.Finished)
                throw UpstreamFaults.BrokenOff(_upstream.Name);
            if (watch.Usage.Total is { } usage)
                yield return new CompletionEvent(0, "", Usage: usage);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async IAsyncEnumerable<CompletionEvent> TranslateAsync(
        RemotePrepared prepared, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Interlocked.Increment(ref _running);
        try
        {
            using var call = new UpstreamCall(_upstream, cancellation);
            using HttpRequestMessage message = _upstream.CreateRequest(HttpMethod.Post, _translated, prepared.Context);
            message.Content = new SplicedContent(prepared.Translated);
            using var frames = new SseBuffer(await call.OpenAsync(message, Sse).ConfigureAwait(false), _upstream.Name);
            IWireReader reader = _upstream.Kind.Wire.CreateReader(prepared.Request.View);
            var events = new List<CompletionEvent>();
            while (!reader.Ended && await call.ReadAsync(frames).ConfigureAwait(false) is { IsEmpty: false } run)
            {
                events.Clear();
                Understand(reader, run.Span, events);
                foreach (CompletionEvent e in events)
                    yield return e;
            }
            if (!reader.Whole)
                throw UpstreamFaults.BrokenOff(_upstream.Name);
            if (reader.Usage.Total is { } usage)
                yield return new CompletionEvent(0, "", Usage: usage);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private void Understand(IWireReader reader, ReadOnlySpan<byte> run, List<CompletionEvent> events)
    {
        try
        {
            foreach (ReadOnlySpan<byte> frame in new SseFrames(run))
            {
                if (SseFrames.DataOf(frame) is { IsEmpty: false } data && !reader.Ended)
                    reader.Read(data, events);
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new SourceException(SourceFailure.Failed, $"Source '{_upstream.Name}' sent an event that cannot be understood.", inner: fault);
        }
    }

    private HttpRequestMessage CreatePost(Uri address, Request request, RequestContext context, params ReadOnlySpan<BodySplice> further) =>
        CreatePost(address, request.Body, request.Buffer, request.Head, context, further);

    private HttpRequestMessage CreatePost(
        Uri address, ReadOnlyMemory<byte> body, RequestBuffer? buffer, RequestHead head, RequestContext context,
        params ReadOnlySpan<BodySplice> further)
    {
        HttpRequestMessage message = _upstream.CreateRequest(HttpMethod.Post, address, context);
        (int at, int length) = head.ModelAt.GetOffsetAndLength(body.Length);
        message.Content = new SplicedContent(body, buffer, [new BodySplice(at, length, _quotedModel), .. further]);
        return message;
    }
}
