using Sluice.Pipe.Asking;
using Sluice.Pipe.Records;
using Sluice.Pipe.Shapes;
using Sluice.Pipe.Templates;
using Sluice.Protocol.Dialects;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Pipe.Stages;

/// <summary>
/// A prompt over each record. A prompt that has a place for the record is the whole message; any other is the system's, and the record the
/// user's.
/// </summary>
/// <param name="prompt">What to do.</param>
/// <param name="key">Which part of the record is asked about; null for all of it.</param>
/// <param name="shape">What answers have to look like; null for any text.</param>
public sealed class PromptStage(Asker asker, AskSettings settings, Template prompt, Template? key = null, IShape? shape = null)
    : IBatchStage, ILiveStage
{
    // Of an answer among others: its name, quotes and comma.
    private const int TokensAroundAnswer = 8;

    private static readonly OpenAiChatDialect Dialect = new();

    /// <summary>Whether an answer may still turn out to be none, once it is whole.</summary>
    public bool HasShape => shape is not null;

    public bool Batches => shape is null || shape.ToSchema() is not null;

    /// <summary>Has the source look at what every request asks for, without asking anything.</summary>
    /// <exception cref="InvalidRequestException">It cannot keep to the shape.</exception>
    public async ValueTask CheckAsync(CancellationToken cancellation)
    {
        using Prepared seen = await asker.PrepareAsync(ChatBody.Write(settings, shape, null, "."), cancellation).ConfigureAwait(false);
    }

    public void CheckColumns(IReadOnlyList<string> columns)
    {
        prompt.CheckColumns(columns);
        key?.CheckColumns(columns);
    }

    public Question Pose(Record record) =>
        Fill(prompt, key, record, (system, user) => ChatBody.Write(settings, shape, system, user));

    public ValueTask<int> CountTokensAsync(IReadOnlyList<Question> questions, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> body = questions is [var only] ? only.Body : BodyOf(questions, new NumberedShape(shape, questions.Count));
        return PromptTokens.CountAsync(asker.Source, body, Dialect, cancellation);
    }

    public Task<Answer> AnswerAsync(Question question, CancellationToken cancellation) => AnswerAsync(question, null, cancellation);

    /// <inheritdoc/>
    public async Task<Answer> AnswerAsync(Question question, Action<string>? onText, CancellationToken cancellation)
    {
        Answer answer = await asker.AskAsync(question.Body, onText, cancellation).ConfigureAwait(false);
        if (shape is null)
            return answer;
        string fitted = shape.Fit(answer.Text, out string? problem);
        return problem is null
            ? answer with { Text = fitted }
            : throw new AnswerException($"the answer is not of the shape that was asked for: {problem}") { Usage = answer.Usage };
    }

    public async Task<BatchAnswer> AnswerTogetherAsync(IReadOnlyList<Question> questions, CancellationToken cancellation)
    {
        var numbered = new NumberedShape(shape, questions.Count);
        Answer whole = await asker.AskAsync(BodyOf(questions, numbered), onText: null, cancellation).ConfigureAwait(false);
        return new BatchAnswer(numbered.Split(whole.Text) ?? new string?[questions.Count], whole.Usage);
    }

    /// <summary>The question that a prompt makes of a record.</summary>
    /// <param name="write">Writes it from the system's message, null where there is none, and the user's.</param>
    internal static Question Fill(Template prompt, Template? key, Record record, Func<string?, string, ReadOnlyMemory<byte>> write)
    {
        if (key is not null)
        {
            record = record with { Text = key.Fill(record, out string? absent) };
            if (absent is not null)
                return Question.Impossible($"the record has no {absent[1..^1]}");
        }
        string instruction = prompt.Fill(record, out string? missing);
        if (missing is not null)
            return Question.Impossible($"the record has nothing for {missing}");
        string? system = prompt.NamesRecord ? null : instruction;
        string user = prompt.NamesRecord ? instruction : record.Text;
        return new Question(write(system, user)) { Record = record.Number, Instruction = system, Text = user };
    }

    private ReadOnlyMemory<byte> BodyOf(IReadOnlyList<Question> questions, NumberedShape numbered)
    {
        var (system, user) = NumberedPrompt.Write(questions);
        int? most = settings.MaxTokens is { } each
            ? (int)Math.Min(int.MaxValue, (each + (long)TokensAroundAnswer) * questions.Count) : null;
        return ChatBody.Write(settings with { MaxTokens = most }, numbered.AsShape(), system, user);
    }
}
