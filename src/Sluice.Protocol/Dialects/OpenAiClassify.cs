using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Protocol.Dialects;

/// <summary>
/// <c>/v1/classify</c>: how likely each of some labels is as the answer. OpenAI has no such endpoint; the answer has the fields of vLLM's
/// (<c>label</c>, <c>probs</c>, <c>num_classes</c>), the request those of a completion, with the labels as <c>choices</c>.
/// </summary>
public static class OpenAiClassify
{
    private const int MaxLabelChars = 4096;

    private static readonly FrozenSet<string> Known =
        FrozenSet.ToFrozenSet(["model", "messages", "prompt", "choices", "user", .. TemplateFields.Names]);

    /// <exception cref="InvalidRequestException">The body is not valid.</exception>
    public static ScoringRequest Parse(ReadOnlyMemory<byte> body)
    {
        var fields = new JsonFields(JsonBody.Parse(body), "");
        fields.RefuseUnknown(Known);
        fields.Text("user");
        bool chat = fields.Find("messages") is not null;
        if (chat == fields.Find("prompt") is not null)
            throw new InvalidRequestException("Send either 'messages' or 'prompt'.", chat ? "prompt" : "messages", "invalid_value");
        var template = TemplateFields.Read(fields, new CompletionRequest { Model = SamplingFields.ReadModel(fields) });
        if (template.ContinueFinalMessage || !template.AddGenerationPrompt)
        {
            throw new InvalidRequestException(
                "Labels are scored as the assistant's turn, which the template opens.", "add_generation_prompt", "invalid_value");
        }
        return new ScoringRequest
        {
            Model = template.Model,
            Messages = chat ? MessageFields.Read(fields) : null,
            Prompt = chat ? null : ReadPrompt(fields),
            TemplateVariables = template.TemplateVariables,
            Labels = ReadLabels(fields),
        };
    }

    public static void Write(ScoringRequest request, ScoringResult result, AnswerInfo answer, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, OpenAiJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("id"u8, $"classify-{answer.Id}");
        json.WriteString("object"u8, "list"u8);
        json.WriteNumber("created"u8, answer.Created.ToUnixTimeSeconds());
        json.WriteString("model"u8, request.Model);
        json.WriteStartArray("data"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteString("label"u8, result.Best.Label);
        json.WriteStartArray("probs"u8);
        foreach (LabelScore label in result.Labels)
            json.WriteNumberValue(label.Probability);
        json.WriteEndArray();
        json.WriteNumber("num_classes"u8, result.Labels.Count);
        json.WriteStartArray("choices"u8);
        foreach (LabelScore label in result.Labels)
        {
            json.WriteStartObject();
            json.WriteString("label"u8, label.Label);
            json.WriteNumber("probability"u8, label.Probability);
            json.WriteNumber("logprob"u8, label.Logprob);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        OpenAiJson.WriteUsage(json, result.Usage);
        json.WriteEndObject();
    }

    private static PromptInput ReadPrompt(JsonFields fields) => PromptFields.Read(fields, "prompt", "prompts") is [var one]
        ? one
        : throw FieldError.TooMany("prompt", 1, "prompts");

    private static string[] ReadLabels(JsonFields fields)
    {
        fields.Require("choices");
        (JsonElement Item, string Path)[] items = [.. fields.Items("choices", "an array of strings")!];
        if (items.Length == 0)
            throw FieldError.Empty("choices", "label");
        if (items.Length > ScoringRequest.MostLabels)
            throw FieldError.TooMany("choices", ScoringRequest.MostLabels, "labels");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. items.Select(item =>
        {
            string label = JsonFields.TextOf(item.Item, item.Path);
            if (label.Length is 0 or > MaxLabelChars)
                throw FieldError.WrongValue(item.Item, item.Path, $"a text of 1 to {MaxLabelChars} characters");
            return seen.Add(label) ? label : throw FieldError.WrongValue(item.Item, item.Path, "a label that is not there twice");
        })];
    }
}
