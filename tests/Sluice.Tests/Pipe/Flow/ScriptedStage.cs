using System.Collections.Concurrent;
using System.Text;
using Sluice.Pipe.Asking;
using Sluice.Pipe.Stages;
using Record = Sluice.Pipe.Records.Record;

namespace Sluice.Tests.Pipe.Flow;

/// <summary>Answers <c>a:TEXT</c>, in the way a test says; keeps what it was asked.</summary>
internal sealed class ScriptedStage(Func<string, CancellationToken, Task<Answer>>? answer = null) : IStage
{
    private int _inFlight, _mostInFlight;

    public ConcurrentQueue<string> Asked { get; } = new();

    public int MostInFlight => _mostInFlight;

    public void CheckColumns(IReadOnlyList<string> columns)
    {
        // Any will do.
    }

    /// <summary>A token for each byte.</summary>
    public ValueTask<int> CountTokensAsync(IReadOnlyList<Question> questions, CancellationToken cancellation) =>
        new(questions.Sum(question => question.Body.Length));

    public Question Pose(Record record) => new(Encoding.UTF8.GetBytes(record.Text));

    public async Task<Answer> AnswerAsync(Question question, CancellationToken cancellation)
    {
        string text = Encoding.UTF8.GetString(question.Body.Span);
        Asked.Enqueue(text);
        int now = Interlocked.Increment(ref _inFlight);
        for (int seen = _mostInFlight; now > seen && Interlocked.CompareExchange(ref _mostInFlight, now, seen) != seen;)
            seen = _mostInFlight;
        try
        {
            return answer is null ? new Answer("a:" + text) : await answer(text, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }
}
