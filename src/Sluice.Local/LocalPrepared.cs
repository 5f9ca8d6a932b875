using Sluice.Engine.Constraints;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Local;

/// <summary>A request whose prompts are tokenised and hashed. It reserves nothing: a place in the queue is taken by completing it.</summary>
internal sealed class LocalPrepared(Request request, RequestContext context, IReadOnlyList<LocalPrompt> prompts) : Prepared(request, context)
{
    public IReadOnlyList<LocalPrompt> Prompts { get; } = prompts;

    /// <summary>What the answers may say; null for anything.</summary>
    public ITokenGrammar? Grammar { get; init; }

    public override void Dispose() { }
}
