using Microsoft.AspNetCore.Http;
using Sluice.Gateway.Configuration;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;
using Sluice.Server.Telemetry;

namespace Sluice.Server.Answers;

/// <summary>Loads and unloads LoRA adapters while the server runs, where its operator allows that.</summary>
internal sealed class AdapterHandler(ServerOptions options)
{
    public async Task LoadAsync(HttpContext http)
    {
        ModelDirectory models = RequireAllowed(http);
        AdapterInfo adapter = AdapterRequests.ParseLoad(await RequestBody.ReadAsync(http.Request));
        (IAdapterHost host, string name) = models.FindAdapterHost(adapter.Name);
        await host.LoadAdapterAsync(adapter with { Name = name }, http.RequestAborted);
        ModelInfo model = models.Describe($"{host.Info.Name}:{name}");
        await JsonReply.SendOkAsync(http, output => OpenAiModels.WriteOne(model, output));
    }

    public async Task UnloadAsync(HttpContext http)
    {
        ModelDirectory models = RequireAllowed(http);
        (IAdapterHost host, string name) = models.FindAdapterHost(AdapterRequests.ParseUnload(await RequestBody.ReadAsync(http.Request)));
        await host.UnloadAdapterAsync(name, options.DrainTimeout, http.RequestAborted);
        await JsonReply.SendOkAsync(http, output => OpenAiModels.WriteDeleted($"{host.Info.Name}:{name}", output));
    }

    private ModelDirectory RequireAllowed(HttpContext http)
    {
        RequestInfo request = RequestInfo.Of(http);
        if (!options.AllowAdapterLoading)
            throw NotAllowed("This server does not load adapters at run time; its operator can allow it with --allow-adapter-loading.");
        if (request.Visitor?.Key is { Role: > KeyRole.Operator })
            throw NotAllowed("This key may not load adapters; an operator's or administrator's may.");
        return request.Serving.Models;
    }

    private static InvalidRequestException NotAllowed(string message) =>
        new(message, code: "not_allowed", status: StatusCodes.Status403Forbidden);
}
