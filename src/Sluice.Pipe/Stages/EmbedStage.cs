using System.Buffers;
using System.Text.Json;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Records;
using Sluice.Pipe.Templates;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Pipe.Stages;

/// <summary>Turns each record into a vector of length 1, written as a JSON array.</summary>
public sealed class EmbedStage(IEmbeddingSource source, string model, Template? key = null) : IBatchStage
{
    private static readonly Template WholeRecord = Template.Parse("{}");

    // What is embedded is a text without a template, as a plain prompt is.
    private static readonly OpenAiCompletionsDialect Plain = new();

    private long _asked;

    public bool Batches => true;

    public void CheckColumns(IReadOnlyList<string> columns) => key?.CheckColumns(columns);

    public Question Pose(Record record) => PromptStage.Fill(WholeRecord, key, record, (_, text) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("model", model);
        writer.WriteString("input", text);
        writer.WriteEndObject();
    }));

    public async ValueTask<int> CountTokensAsync(IReadOnlyList<Question> questions, CancellationToken cancellation)
    {
        int tokens = 0;
        foreach (Question question in questions)
        {
            ReadOnlyMemory<byte> prompt = Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("model", model);
                writer.WriteString("prompt", question.Text);
                writer.WriteEndObject();
            });
            tokens += await PromptTokens.CountAsync(source, prompt, Plain, cancellation).ConfigureAwait(false);
        }
        return tokens;
    }

    public async Task<Answer> AnswerAsync(Question question, CancellationToken cancellation)
    {
        var (vectors, usage) = await EmbedAsync(question.Body, 1, cancellation).ConfigureAwait(false);
        return new Answer(vectors[0]) { Usage = usage };
    }

    public async Task<BatchAnswer> AnswerTogetherAsync(IReadOnlyList<Question> questions, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> body = Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("model", model);
            writer.WriteStartArray("input");
            foreach (Question question in questions)
                writer.WriteStringValue(question.Text);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        var (vectors, usage) = await EmbedAsync(body, questions.Count, cancellation).ConfigureAwait(false);
        return new BatchAnswer(vectors, usage);
    }

    private async Task<(IReadOnlyList<string> Vectors, Usage Usage)> EmbedAsync(
        ReadOnlyMemory<byte> body, int count, CancellationToken cancellation)
    {
        try
        {
            var context = new RequestContext($"pipe-embed-{Interlocked.Increment(ref _asked)}");
            EmbeddingResult result = await source.EmbedAsync(new EmbeddingRequest(body), context, cancellation).ConfigureAwait(false);
            return (result.Raw.IsEmpty ? [.. result.Embeddings.Select(Format)] : FindVectors(result.Raw, count), result.Usage);
        }
        catch (Exception e) when (e is InvalidRequestException or SourceException)
        {
            throw new AnswerException(Asker.Describe(e), e);
        }
    }

    /// <summary>The vectors in an answer that came from elsewhere, as they were written there, by their own numbers.</summary>
    private static string[] FindVectors(ReadOnlyMemory<byte> answer, int count)
    {
        try
        {
            string[] vectors = [.. Enumerable.Repeat("", count)];
            int place = 0;
            foreach (JsonElement one in JsonElement.Parse(answer.Span).GetProperty("data").EnumerateArray())
            {
                int index = one.TryGetProperty("index", out JsonElement number) ? number.GetInt32() : place;
                vectors[index] = one.GetProperty("embedding").GetRawText();
                place++;
            }
            return Array.TrueForAll(vectors, vector => vector.Length > 0)
                ? vectors : throw new AnswerException("the source's answer has fewer embeddings than it was asked for");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException
            or IndexOutOfRangeException)
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
