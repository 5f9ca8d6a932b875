using System.Buffers;
using System.Text.Json;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;

namespace Sluice.Cli.Answers;

/// <summary>
/// Writes what the user asked for as the request a client of the server would send: one way into a source, wherever that source is.
/// </summary>
internal static class RequestWriter
{
    // A plain prompt goes on until the context ends, as a conversation does; the wire's own default would be 16 tokens.
    private const int NoLimit = int.MaxValue;

    public static Request Chat(CompletionRequest settings, IEnumerable<(string Role, string Content)> messages) =>
        new(Write(settings, settings.MaxTokens, writer =>
        {
            writer.WriteStartArray("messages");
            foreach (var (role, content) in messages)
            {
                writer.WriteStartObject();
                writer.WriteString("role", role);
                writer.WriteString("content", content);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            if (settings.Thinking.Enabled == false)
                writer.WriteString("reasoning_effort", "none");
            SamplingWriter.Number(writer, "thinking_budget_tokens", settings.Thinking.BudgetTokens);
        }), new OpenAiChatDialect());

    public static Request Raw(CompletionRequest settings, string prompt) =>
        new(Write(settings, settings.MaxTokens ?? NoLimit, writer => writer.WriteString("prompt", prompt)), new OpenAiCompletionsDialect());

    private static ReadOnlyMemory<byte> Write(CompletionRequest settings, int? maxTokens, Action<Utf8JsonWriter> prompt)
    {
        var body = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(body);
        writer.WriteStartObject();
        writer.WriteString("model", settings.Model);
        prompt(writer);
        SamplingWriter.Number(writer, "max_tokens", maxTokens);
        SamplingWriter.Write(writer, settings);
        SamplingWriter.Texts(writer, "stop", settings.Stop);
        FormatWriter.Write(writer, settings.Format);
        writer.WriteBoolean("stream", true);
        writer.WriteEndObject();
        writer.Flush();
        return body.WrittenMemory;
    }
}
