using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Pipe.Asking;

/// <summary>Counts the tokens of a prompt without asking anything.</summary>
internal static class PromptTokens
{
    private static readonly RequestContext Context = new("pipe-count");

    /// <exception cref="AnswerException">The source would refuse the request.</exception>
    public static async ValueTask<int> CountAsync(
        ISource source, ReadOnlyMemory<byte> body, IDialect dialect, CancellationToken cancellation)
    {
        try
        {
            using Prepared seen = await source.PrepareAsync(new Request(body, dialect), Context, cancellation).ConfigureAwait(false);
            return seen.PromptTokens;
        }
        catch (Exception e) when (e is InvalidRequestException or SourceException)
        {
            throw new AnswerException(Asker.Describe(e), e);
        }
    }
}
