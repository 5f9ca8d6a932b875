using System.Collections.Frozen;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Protocol.Dialects;

/// <summary>The bodies of <c>/v1/load_lora_adapter</c> and <c>/v1/unload_lora_adapter</c>, as vLLM has them, with a scale beside.</summary>
public static class AdapterRequests
{
    private const float MostScale = 1000;

    private static readonly FrozenSet<string> ToLoad = FrozenSet.ToFrozenSet(["lora_name", "lora_path", "scale"]);
    private static readonly FrozenSet<string> ToUnload = FrozenSet.ToFrozenSet(["lora_name"]);

    /// <returns>The adapter; its name may begin with its model's, as requests do.</returns>
    /// <exception cref="InvalidRequestException">The body is not valid.</exception>
    public static AdapterInfo ParseLoad(ReadOnlyMemory<byte> body)
    {
        var fields = new JsonFields(JsonBody.Parse(body), "");
        fields.RefuseUnknown(ToLoad);
        return new AdapterInfo(
            fields.RequireText("lora_name"), fields.RequireText("lora_path"), fields.Number("scale", -MostScale, MostScale) ?? 1);
    }

    /// <returns>The adapter's name, which may begin with its model's.</returns>
    /// <exception cref="InvalidRequestException">The body is not valid.</exception>
    public static string ParseUnload(ReadOnlyMemory<byte> body)
    {
        var fields = new JsonFields(JsonBody.Parse(body), "");
        fields.RefuseUnknown(ToUnload);
        return fields.RequireText("lora_name");
    }
}
