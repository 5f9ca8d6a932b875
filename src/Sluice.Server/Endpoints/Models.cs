using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Server.Answers;
using Sluice.Server.Telemetry;

namespace Sluice.Server.Endpoints;

/// <summary>GET /v1/models and /v1/models/{id}: which names a request may use.</summary>
internal static class Models
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", http =>
        {
            ModelDirectory models = RequestInfo.Of(http).Serving.Models;
            return JsonReply.SendOkAsync(http, output => OpenAiModels.WriteList(models.Models, output));
        });

        // A name may hold slashes, as owner/repo does, plain or escaped by a careful client.
        routes.MapGet("/v1/models/{**id}", http =>
        {
            ModelInfo model = RequestInfo.Of(http).Serving.Models.Describe(Uri.UnescapeDataString((string)http.GetRouteValue("id")!));
            return JsonReply.SendOkAsync(http, output => OpenAiModels.WriteOne(model, output));
        });
    }
}
