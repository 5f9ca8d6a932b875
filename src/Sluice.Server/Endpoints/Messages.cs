using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Sluice.Protocol.Dialects;
using Sluice.Server.Answers;

namespace Sluice.Server.Endpoints;

/// <summary>POST /v1/messages and /v1/messages/count_tokens: a conversation in Anthropic's dialect goes on, or is only counted.</summary>
internal static class Messages
{
    public static void Map(IEndpointRouteBuilder routes, AnswerHandler answers, TokenCountHandler counts)
    {
        var dialect = new AnthropicMessagesDialect();
        routes.MapPost("/v1/messages", http => answers.AnswerAsync(http, dialect)).WithMetadata(dialect);

        AnthropicMessagesDialect counting = AnthropicMessagesDialect.ForCounting;
        routes.MapPost("/v1/messages/count_tokens", http => counts.AnswerAsync(http, counting)).WithMetadata(counting);
    }
}
