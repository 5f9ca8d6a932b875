using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Sluice.Server.Answers;

namespace Sluice.Server.Endpoints;

/// <summary>POST /v1/classify: which of some labels is the answer, and how likely each is.</summary>
internal static class Classify
{
    public static void Map(IEndpointRouteBuilder routes, ScoringHandler scoring) => routes.MapPost("/v1/classify", scoring.AnswerAsync);
}
