using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Sluice.Server.Answers;

namespace Sluice.Server.Endpoints;

/// <summary>POST /v1/embeddings: texts become vectors.</summary>
internal static class Embeddings
{
    public static void Map(IEndpointRouteBuilder routes, EmbeddingHandler embeddings) =>
        routes.MapPost("/v1/embeddings", embeddings.AnswerAsync);
}
