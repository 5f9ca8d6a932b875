using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Server.Answers;

/// <summary>
/// How one answer is written: its first event tells whether it comes in the client's dialect already or has yet to be put into it.
/// </summary>
internal sealed class AnswerFraming(Prepared prepared, TimeProvider time)
{
    private readonly Request _request = prepared.Request;
    private IFramer? _framer;

    public IFramer For(in CompletionEvent e) => _framer ??= e.Raw.IsEmpty ? Make() : _request.Dialect.CreateRelay();

    private IFramer Make() => _request.Dialect.CreateFramer(
        _request.View,
        new AnswerInfo(Guid.CreateVersion7().ToString("N"), _request.Head.Model, time.GetUtcNow(), prepared.PromptTokens));
}
