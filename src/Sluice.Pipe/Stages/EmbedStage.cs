using System.Buffers;
using System.Text.Json;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Records;
using Sluice.Pipe.Templates;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Pipe.Stages;

/// <summary>Turns each record into a vector of length 1, written as a JSON array.</summary>
public sealed class EmbedStage(IEmbeddingSource source, string model, Template? key = null) : IStage
{
    private static readonly Template WholeRecord = Template.Parse("{}");

    private long _asked;

    public void CheckColumns(IReadOnlyList<string> columns) => key?.CheckColumns(columns);

    public Question Pose(Record record) => PromptStage.Fill(WholeRecord, key, record, (_, text) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("model", model);
        writer.WriteString("input", text);
        writer.WriteEndObject();
    }));

    public async Task<Answer> AnswerAsync(Question question, CancellationToken cancellation)
    {
        try
        {
            var context = new RequestContext($"pipe-embed-{Interlocked.Increment(ref _asked)}");
            EmbeddingResult result =
                await source.EmbedAsync(new EmbeddingRequest(question.Body), context, cancellation).ConfigureAwait(false);
            string vector = result.Raw.IsEmpty ? Format(result.Embeddings[0]) : FindVector(result.Raw);
            return new Answer(vector) { Usage = result.Usage };
        }
        catch (Exception e) when (e is InvalidRequestException or SourceException)
        {
            throw new AnswerException(Asker.Describe(e), e);
        }
    }

    /// <summary>The vector in an answer that came from elsewhere, as it was written there.</summary>
    private static string FindVector(ReadOnlyMemory<byte> answer)
    {
        try
        {
            return JsonElement.Parse(answer.Span).GetProperty("data")[0].GetProperty("embedding").GetRawText();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new AnswerException("the source's answer has no embedding in it", e);
        }
    }

    private static string Format(float[] vector) => System.Text.Encoding.UTF8.GetString(Write(writer =>
    {
        writer.WriteStartArray();
        foreach (float value in vector)
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }).Span);

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
            write(writer);
        return body.WrittenMemory;
    }
}
