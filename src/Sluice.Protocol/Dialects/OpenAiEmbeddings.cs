using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Protocol.Dialects;

/// <summary>OpenAI's <c>/v1/embeddings</c>.</summary>
public static class OpenAiEmbeddings
{
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(["model", "input", "dimensions", "encoding_format", "user"]);

    /// <exception cref="InvalidRequestException">The body is not valid.</exception>
    public static EmbeddingView Parse(ReadOnlyMemory<byte> body)
    {
        var fields = new JsonFields(JsonBody.Parse(body), "");
        fields.RefuseUnknown(Known);
        fields.Text("user");
        return new EmbeddingView
        {
            Model = SamplingFields.ReadModel(fields),
            Inputs = PromptFields.Read(fields, "input", "inputs"),
            Dimensions = fields.Integer("dimensions", 1),
            AsBase64 = ReadAsBase64(fields),
        };
    }

    public static void Write(EmbeddingRequest request, EmbeddingResult result, IBufferWriter<byte> output)
    {
        if (!result.Raw.IsEmpty)
        {
            output.Write(result.Raw.Span);
            return;
        }
        EmbeddingView view = request.View;
        using var json = new Utf8JsonWriter(output, OpenAiJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        for (int i = 0; i < result.Embeddings.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "embedding"u8);
            json.WriteNumber("index"u8, i);
            json.WritePropertyName("embedding"u8);
            if (view.AsBase64)
                WriteBase64(json, result.Embeddings[i]);
            else
                WriteNumbers(json, result.Embeddings[i]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("model"u8, view.Model);
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, result.Usage.PromptTokens);
        json.WriteNumber("total_tokens"u8, result.Usage.TotalTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static bool ReadAsBase64(JsonFields fields) => fields.Text("encoding_format") switch
    {
        null or "float" => false,
        "base64" => true,
        _ => throw FieldError.WrongValue(fields.Require("encoding_format"), "encoding_format", "\"float\" or \"base64\""),
    };

    private static void WriteNumbers(Utf8JsonWriter json, float[] embedding)
    {
        json.WriteStartArray();
        foreach (float value in embedding)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static void WriteBase64(Utf8JsonWriter json, float[] embedding)
    {
        var bytes = new byte[embedding.Length * sizeof(float)];
        for (int i = 0; i < embedding.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), embedding[i]);
        json.WriteBase64StringValue(bytes);
    }
}
