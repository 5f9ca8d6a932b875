using Sluice.Pipe.Asking;

namespace Sluice.Pipe.Flow;

/// <summary>
/// One answer for all who ask the same: who comes while it is being asked waits for it, who comes later finds it. Bounded by the oldest
/// being forgotten. A failure is shared with those who wait and then forgotten.
/// </summary>
internal sealed class SharedAnswers(int most = 100_000)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<QuestionKey, Task<Answer>> _answers = [];
    private readonly Queue<QuestionKey> _order = new();

    /// <summary>The answer under a key; asks only where nobody has.</summary>
    /// <returns>The answer, and whether it was asked for this caller.</returns>
    public async Task<(Answer Answer, bool Asked)> GetAsync(QuestionKey key, Func<Task<Answer>> ask)
    {
        Task<Answer>? shared;
        TaskCompletionSource<Answer>? mine = null;
        lock (_lock)
        {
            if (!_answers.TryGetValue(key, out shared))
            {
                mine = new TaskCompletionSource<Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
                Remember(key, mine.Task);
            }
        }
        if (shared is not null)
            return (await shared.ConfigureAwait(false), false);
        try
        {
            Answer answer = await ask().ConfigureAwait(false);
            mine!.SetResult(answer);
            return (answer, true);
        }
        catch (Exception e)
        {
            lock (_lock)
                _answers.Remove(key);
            mine!.SetException(e);
            _ = mine.Task.Exception; // seen here, though nobody may wait for it
            throw;
        }
    }

    /// <summary>Puts in an answer of an earlier run.</summary>
    public void Add(QuestionKey key, Answer answer)
    {
        lock (_lock)
        {
            if (!_answers.ContainsKey(key))
                Remember(key, Task.FromResult(answer));
        }
    }

    private void Remember(QuestionKey key, Task<Answer> answer)
    {
        _answers[key] = answer;
        _order.Enqueue(key);
        while (_order.Count > most)
        {
            QuestionKey oldest = _order.Dequeue();
            if (_answers.TryGetValue(oldest, out Task<Answer>? forgotten) && forgotten.IsCompleted)
                _answers.Remove(oldest);
        }
    }
}
