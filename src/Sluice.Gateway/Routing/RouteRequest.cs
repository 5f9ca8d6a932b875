using Sluice.Protocol.Requests;

namespace Sluice.Gateway.Routing;

/// <summary>
/// What policies may know of a request. What costs time to find out is found when somebody first looks: a body that is only passed on is
/// never parsed for a policy that does not ask.
/// </summary>
/// <param name="request">Null for a request that is no completion.</param>
/// <param name="promptTokens">Exact where an engine counted them, else an estimate.</param>
public sealed class RouteRequest(Request? request, RequestContext context, int promptTokens)
{
    private string? _text;
    private CompletionRequest? _view;
    private bool _viewed;
    private ConversationBlocks? _blocks;

    public int PromptTokens { get; } = promptTokens;

    /// <summary>At most so many tokens will be generated, by what the client said; a usual number where it said nothing.</summary>
    public int AnswerTokens => TokenEstimate.OfAnswer(request?.Head);

    /// <summary>What the client said of that; null where it said nothing.</summary>
    public int? MaxTokens => request?.Head.MaxTokens;

    public RequestContext Context => context;

    /// <summary>Whether the answer comes piece by piece, so that its first one can be waited for.</summary>
    internal bool Streams => request?.Head.Stream ?? false;

    /// <summary>The client's name for its user; null where it gave none.</summary>
    public string? User => View?.User;

    /// <summary>Text of the last message, or of the last plain prompt; empty where there is none.</summary>
    public string Text => _text ??= LastText();

    /// <summary>Hashes over the whole conversation, for sources that cannot be asked what they have cached.</summary>
    internal ConversationBlocks Blocks => _blocks ??= ConversationBlocks.Of(View);

    /// <summary>Null also where the body asks for what only a source that it is passed on to may understand.</summary>
    private CompletionRequest? View
    {
        get
        {
            if (!_viewed)
            {
                _viewed = true;
                try
                {
                    _view = request?.View;
                }
                catch (InvalidRequestException)
                {
                    _view = null; // whoever is chosen says what is wrong, if it is
                }
            }
            return _view;
        }
    }

    private string LastText() => View switch
    {
        { Messages: [.., var last] } => last.Content ?? "",
        { Prompts: [.., var last] } => last.Text ?? "",
        _ => "",
    };
}
