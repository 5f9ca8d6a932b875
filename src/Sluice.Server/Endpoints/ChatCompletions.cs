using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Sluice.Protocol.Dialects;
using Sluice.Server.Answers;

namespace Sluice.Server.Endpoints;

/// <summary>POST /v1/chat/completions: a conversation goes on.</summary>
internal static class ChatCompletions
{
    public static void Map(IEndpointRouteBuilder routes, AnswerHandler answers)
    {
        var dialect = new OpenAiChatDialect();
        routes.MapPost("/v1/chat/completions", http => answers.AnswerAsync(http, dialect)).WithMetadata(dialect);
    }
}
