using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Pipe.Records;

namespace Sluice.Pipe.Output;

/// <summary>
/// Events as JSON lines: <c>{"id","delta"}</c> for each piece of an answer as it comes, and <c>{"id","status"[,"error"]}</c> when the
/// record has ended. The deltas of one record, put together, are its answer; one that nobody saw being written is one delta.
/// </summary>
public sealed class EventWriter : IOutcomeWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void WriteHeader(IReadOnlyList<string>? columns, IBufferWriter<byte> output)
    {
        // Events name their own members.
    }

    public void Write(Record record, Outcome outcome, IBufferWriter<byte> output)
    {
        if (!outcome.WasShown && outcome.Answer is { Text.Length: > 0 } known)
            WriteDelta(record.Number, known.Text, output);
        WriteEvent(output, record.Number, writer =>
        {
            writer.WriteString("status"u8, outcome.Status);
            if (outcome.Problem is { } problem)
                writer.WriteString("error"u8, problem);
        });
    }

    internal static void WriteDelta(long record, string piece, IBufferWriter<byte> output) =>
        WriteEvent(output, record, writer => writer.WriteString("delta"u8, piece));

    private static void WriteEvent(IBufferWriter<byte> output, long record, Action<Utf8JsonWriter> write)
    {
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("id"u8, record);
            write(writer);
            writer.WriteEndObject();
        }
        output.Write("\n"u8);
    }
}
