using System.Buffers;
using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>OpenAI's model objects.</summary>
public static class OpenAiModels
{
    public static void WriteOne(ModelInfo model, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, OpenAiJson.WriterOptions);
        Write(json, model);
    }

    public static void WriteList(IEnumerable<ModelInfo> models, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, OpenAiJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (ModelInfo model in models)
            Write(json, model);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WriteDeleted(string model, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, OpenAiJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("id"u8, model);
        json.WriteString("object"u8, "model"u8);
        json.WriteBoolean("deleted"u8, true);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ModelInfo model)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model.Id);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, model.Created.ToUnixTimeSeconds());
        json.WriteString("owned_by"u8, model.OwnedBy);
        json.WriteEndObject();
    }
}
