using System.Globalization;
using System.Text;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Pipe.Asking;

/// <summary>Asks a source and folds its events into an answer.</summary>
/// <param name="patience">Waits with a source that is too busy; null asks once.</param>
public sealed class Asker(ICompletionSource source, Patience? patience = null)
{
    private static readonly OpenAiChatDialect Dialect = new();

    private long _asked;

    public ICompletionSource Source { get; } = source;

    /// <param name="onText">Called with each piece of text as it comes, and never with the same again; null where nobody looks.</param>
    /// <exception cref="AnswerException">The source refused or failed; the message is its own.</exception>
    public async Task<Answer> AskAsync(ReadOnlyMemory<byte> body, Action<string>? onText, CancellationToken cancellation)
    {
        if (onText is not null)
            body = ChatBody.AsStream(body);
        try
        {
            return patience is null
                ? await AskOnceAsync(body, onText, cancellation).ConfigureAwait(false)
                : await patience.AskAsync(() => AskOnceAsync(body, onText, cancellation), cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidRequestException or SourceException)
        {
            throw new AnswerException(Describe(e), e);
        }
    }

    private async Task<Answer> AskOnceAsync(ReadOnlyMemory<byte> body, Action<string>? onText, CancellationToken cancellation)
    {
        bool told = false;
        try
        {
            using Prepared prepared = await PrepareAsync(body, cancellation).ConfigureAwait(false);
            return await FoldAsync(prepared, onText is null ? null : Tell, cancellation).ConfigureAwait(false);
        }
        catch (SourceException e) when (told)
        {
            throw new AnswerException(Describe(e), e); // somebody has seen its beginning: asked again it would begin once more
        }

        void Tell(string piece)
        {
            told = true;
            onText!(piece);
        }
    }

    /// <summary>With what the source itself said: whoever runs a pipe is its operator.</summary>
    internal static string Describe(Exception fault) => fault.InnerException is { Message.Length: > 0 } inner
        ? $"{fault.Message} ({inner.Message})" : fault.Message;

    /// <summary>What the source knows of a request without answering it; disposing it is the caller's.</summary>
    /// <exception cref="InvalidRequestException">The source cannot answer such a request.</exception>
    public ValueTask<Prepared> PrepareAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"pipe-{Interlocked.Increment(ref _asked)}");
        return Source.PrepareAsync(new Request(body, Dialect), new RequestContext(id), cancellation);
    }

    private async Task<Answer> FoldAsync(Prepared prepared, Action<string>? onText, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        string? finish = null;
        var usage = new Usage(prepared.PromptTokens, 0, 0);
        await foreach (CompletionEvent e in Source.CompleteAsync(prepared, cancellation).ConfigureAwait(false))
        {
            (string piece, string? ended) = e.Raw.IsEmpty ? (e.Choice == 0 ? e.Text : "", e.Choice == 0 ? e.FinishReason : null)
                : prepared.Request.Head.Stream ? ChatReply.ReadFrames(e.Raw.Span) : ChatReply.Read(e.Raw.Span);
            if (piece.Length > 0)
            {
                text.Append(piece);
                onText?.Invoke(piece);
            }
            finish ??= ended;
            usage = e.Usage ?? usage;
        }
        if (finish is null)
            throw new AnswerException("the source answered without any choice") { Usage = usage };
        if (finish == "content_filter")
        {
            throw new AnswerException("the source's content filter took the answer back (finish_reason content_filter)")
            {
                Usage = usage,
            };
        }
        return new Answer(text.ToString().Trim()) { FinishReason = finish, Usage = usage };
    }
}
