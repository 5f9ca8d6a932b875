using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Pipe.Records;

namespace Sluice.Pipe.Output;

/// <summary>
/// One JSON object per record: the record's own with values added, or <c>{"id","status","input","answer"}</c> where it has none or
/// nothing is added. Status is ok, truncated, empty, blank or failed; a failed one has an error.
/// </summary>
/// <param name="structured">Answers are JSON values, not texts.</param>
public sealed class JsonLinesWriter(OnFail onFail, IReadOnlyList<Addition> additions, bool structured) : IOutcomeWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void WriteHeader(IReadOnlyList<string>? columns, IBufferWriter<byte> output)
    {
        // Every line names its own members.
    }

    public void Write(Record record, Outcome outcome, IBufferWriter<byte> output)
    {
        if (outcome.Kind == OutcomeKind.Failed && onFail.Action == FailAction.Drop)
            return;
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            writer.WriteStartObject();
            if (additions.Count > 0)
                WriteAdded(writer, record, outcome);
            else
                WriteWhole(writer, record, outcome);
            writer.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    private void WriteAdded(Utf8JsonWriter writer, Record record, Outcome outcome)
    {
        switch (record.Fields)
        {
            case JsonFields { Value.ValueKind: JsonValueKind.Object } fields:
                foreach (JsonProperty property in fields.Value.EnumerateObject().Where(property => !IsAdded(property.Name)))
                    property.WriteTo(writer);
                break;
            case ColumnFields row:
                for (int i = 0; i < row.Header.Count; i++)
                {
                    if (!IsAdded(row.Header[i]))
                        writer.WriteString(row.Header[i], i < row.Values.Count ? row.Values[i] : "");
                }
                break;
            default:
                writer.WriteString("input", record.Text);
                break;
        }
        bool untouched = outcome.Kind == OutcomeKind.Failed && onFail.Action == FailAction.Pass;
        foreach (Addition addition in untouched ? [] : additions)
        {
            writer.WritePropertyName(addition.Name);
            WriteValue(writer, addition, record, outcome);
        }
    }

    private void WriteWhole(Utf8JsonWriter writer, Record record, Outcome outcome)
    {
        writer.WriteNumber("id", record.Number);
        writer.WriteString("status", outcome.Status);
        writer.WriteString("input", record.Text);
        if (outcome.Kind == OutcomeKind.Answered || onFail.Action is FailAction.Mark or FailAction.Pass)
        {
            writer.WritePropertyName("answer");
            WriteValue(writer, new Addition("answer", AddedValue.Answer), record, outcome);
        }
        if (outcome.Answer?.Probability is { } probability)
            writer.WriteNumber("p", Math.Round(probability, 4));
        if (outcome.Problem is { } problem)
            writer.WriteString("error", problem);
    }

    private void WriteValue(Utf8JsonWriter writer, Addition addition, Record record, Outcome outcome)
    {
        bool hasNone = outcome.Kind == OutcomeKind.Blank
            || (outcome.Kind == OutcomeKind.Failed && onFail.Action is FailAction.Blank or FailAction.Stop);
        if (addition.Value == AddedValue.Probability && outcome.Answer?.Probability is { } probability)
            writer.WriteNumberValue(Math.Round(probability, 4));
        else if (addition.Value == AddedValue.Probability || (addition.Value == AddedValue.Answer && hasNone))
            writer.WriteNullValue();
        else if (structured && addition.Value == AddedValue.Answer && outcome.Kind == OutcomeKind.Answered)
            writer.WriteRawValue(outcome.Answer!.Text);
        else
            writer.WriteStringValue(addition.Text(outcome, onFail.Instead(record.Text) ?? ""));
    }

    private bool IsAdded(string name)
    {
        foreach (Addition addition in additions)
        {
            if (addition.Name == name)
                return true;
        }
        return false;
    }
}
