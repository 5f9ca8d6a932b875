using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Sluice.Server.Answers;

namespace Sluice.Server.Endpoints;

/// <summary>POST /v1/load_lora_adapter and /v1/unload_lora_adapter: a model's adapters come and go while it serves.</summary>
internal static class Adapters
{
    public static void Map(IEndpointRouteBuilder routes, AdapterHandler adapters)
    {
        routes.MapPost("/v1/load_lora_adapter", adapters.LoadAsync);
        routes.MapPost("/v1/unload_lora_adapter", adapters.UnloadAsync);
    }
}
