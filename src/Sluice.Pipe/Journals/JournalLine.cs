using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Pipe.Asking;
using Sluice.Protocol.Sources;

namespace Sluice.Pipe.Journals;

/// <summary>
/// The lines of a journal, each one JSON object: an answer <c>{"n","at","key","answer","finish","in","out"[,"cached"][,"p"]}</c>, a failure
/// <c>{"n","at","key","failed"}</c>, or a checkpoint <c>{"run","output","records","bytes"}</c>.
/// </summary>
internal static class JournalLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(IBufferWriter<byte> output, JournalEntry entry)
    {
        using (Utf8JsonWriter writer = Open(output, entry.Number, entry.Offset, entry.Key))
        {
            Answer answer = entry.Answer;
            writer.WriteString("answer"u8, answer.Text);
            writer.WriteString("finish"u8, answer.FinishReason);
            writer.WriteNumber("in"u8, answer.Usage.PromptTokens);
            writer.WriteNumber("out"u8, answer.Usage.CompletionTokens);
            if (answer.Usage.CachedTokens > 0)
                writer.WriteNumber("cached"u8, answer.Usage.CachedTokens);
            if (answer.Probability is { } probability)
                writer.WriteNumber("p"u8, probability);
            writer.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    public static void WriteFailure(IBufferWriter<byte> output, long number, long offset, QuestionKey key, string problem)
    {
        using (Utf8JsonWriter writer = Open(output, number, offset, key))
        {
            writer.WriteString("failed"u8, problem);
            writer.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    public static void Write(IBufferWriter<byte> output, Checkpoint checkpoint)
    {
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("run"u8, checkpoint.Run.ToString());
            writer.WriteString("output"u8, checkpoint.Output);
            writer.WriteNumber("records"u8, checkpoint.Records);
            writer.WriteNumber("bytes"u8, checkpoint.Bytes);
            writer.WriteEndObject();
        }
        output.Write("\n"u8);
    }

    /// <summary>What a line says; null for a failure, a torn line and anything else that is of no use to a later run.</summary>
    public static object? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.TryGetProperty("answer"u8, out JsonElement answer))
                return ReadEntry(root, answer);
            return root.TryGetProperty("bytes"u8, out JsonElement bytes)
                && QuestionKey.TryParse(root.GetProperty("run"u8).GetString(), out QuestionKey run)
                ? new Checkpoint(run, root.GetProperty("output"u8).GetString()!, root.GetProperty("records"u8).GetInt64(), bytes.GetInt64())
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null; // whoever asks counts it
        }
    }

    private static JournalEntry? ReadEntry(JsonElement root, JsonElement answer)
    {
        long number = root.GetProperty("n"u8).GetInt64();
        if (number < 1 || !QuestionKey.TryParse(root.GetProperty("key"u8).GetString(), out QuestionKey key))
            return null;
        int cached = root.TryGetProperty("cached"u8, out JsonElement tokens) ? tokens.GetInt32() : 0;
        return new JournalEntry(number, root.GetProperty("at"u8).GetInt64(), key, new Answer(answer.GetString()!)
        {
            FinishReason = root.GetProperty("finish"u8).GetString()!,
            Usage = new Usage(root.GetProperty("in"u8).GetInt32(), root.GetProperty("out"u8).GetInt32(), cached),
            Probability = root.TryGetProperty("p"u8, out JsonElement p) ? p.GetDouble() : null,
        });
    }

    private static Utf8JsonWriter Open(IBufferWriter<byte> output, long number, long offset, QuestionKey key)
    {
        var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteNumber("n"u8, number);
        writer.WriteNumber("at"u8, offset);
        writer.WriteString("key"u8, key.ToString());
        return writer;
    }
}
