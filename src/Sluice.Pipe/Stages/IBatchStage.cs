using Sluice.Pipe.Asking;

namespace Sluice.Pipe.Stages;

/// <summary>A stage that can ask about several records in one call.</summary>
public interface IBatchStage : IStage
{
    /// <summary>False where what is asked for does not let it.</summary>
    bool Batches { get; }

    /// <summary>Asks them in one call.</summary>
    /// <exception cref="AnswerException">The call has no answer.</exception>
    Task<BatchAnswer> AnswerTogetherAsync(IReadOnlyList<Question> questions, CancellationToken cancellation);
}
