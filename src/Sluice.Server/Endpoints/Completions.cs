using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Sluice.Protocol.Dialects;
using Sluice.Server.Answers;

namespace Sluice.Server.Endpoints;

/// <summary>POST /v1/completions: a plain text goes on.</summary>
internal static class Completions
{
    public static void Map(IEndpointRouteBuilder routes, AnswerHandler answers)
    {
        var dialect = new OpenAiCompletionsDialect();
        routes.MapPost("/v1/completions", http => answers.AnswerAsync(http, dialect)).WithMetadata(dialect);
    }
}
