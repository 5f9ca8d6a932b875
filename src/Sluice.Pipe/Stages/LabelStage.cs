using System.Buffers;
using System.Text.Json;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Records;
using Sluice.Pipe.Templates;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Pipe.Stages;

/// <summary>
/// Chooses one of a few labels for each record by how likely each is as the answer: nothing is written by the model, and the prompt that
/// records share is computed once.
/// </summary>
public sealed class LabelStage(
    IScoringSource source, AskSettings settings, Template prompt, IReadOnlyList<string> labels, Template? key = null) : IStage
{
    private static readonly OpenAiChatDialect Dialect = new();

    private long _asked;

    public void CheckColumns(IReadOnlyList<string> columns)
    {
        prompt.CheckColumns(columns);
        key?.CheckColumns(columns);
    }

    public Question Pose(Record record) => PromptStage.Fill(prompt, key, record, (system, user) =>
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("model", settings.Model);
            writer.WriteString("system", system);
            writer.WriteString("user", user);
            writer.WriteStartArray("labels");
            foreach (string label in labels)
                writer.WriteStringValue(label);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return body.WrittenMemory;
    });

    public ValueTask<int> CountTokensAsync(IReadOnlyList<Question> questions, CancellationToken cancellation) => PromptTokens.CountAsync(
        source, ChatBody.Write(settings, shape: null, questions[0].Instruction, questions[0].Text), Dialect, cancellation);

    public async Task<Answer> AnswerAsync(Question question, CancellationToken cancellation)
    {
        var messages = new List<ChatMessage>();
        if (question.Instruction is { } instruction)
            messages.Add(Message("system", instruction));
        messages.Add(Message("user", question.Text));
        var request = new ScoringRequest { Model = settings.Model, Messages = messages, Labels = labels };
        try
        {
            var context = new RequestContext($"pipe-label-{Interlocked.Increment(ref _asked)}");
            ScoringResult result = await source.ScoreAsync(request, context, cancellation).ConfigureAwait(false);
            return new Answer(result.Best.Label) { Usage = result.Usage, Probability = result.Best.Probability };
        }
        catch (Exception e) when (e is InvalidRequestException or SourceException)
        {
            throw new AnswerException(Asker.Describe(e), e);
        }
    }

    private static ChatMessage Message(string role, string content)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("role", role);
            writer.WriteString("content", content);
            writer.WriteEndObject();
        }
        return new ChatMessage(role, content, JsonElement.Parse(json.WrittenSpan));
    }
}
