using Sluice.Pipe.Asking;
using Sluice.Pipe.Records;

namespace Sluice.Pipe.Stages;

/// <summary>What is done with each record. For any number of records at once.</summary>
public interface IStage
{
    /// <summary>
    /// Complains of prompts that name columns the input does not have; called once, before the first record is asked about.
    /// </summary>
    /// <exception cref="PipeException">There is such a name.</exception>
    void CheckColumns(IReadOnlyList<string> columns);

    /// <summary>The question about a record that is not blank.</summary>
    Question Pose(Record record);

    /// <summary>
    /// Tokens of the prompt of one call about these, as the source counts them: exact in this process, else an estimate. Nothing is asked.
    /// </summary>
    /// <param name="questions">One, or of a stage that can ask about several at once as many.</param>
    /// <exception cref="AnswerException">The source would refuse such a call.</exception>
    ValueTask<int> CountTokensAsync(IReadOnlyList<Question> questions, CancellationToken cancellation);

    /// <summary>Asks it.</summary>
    /// <exception cref="AnswerException">There is no answer to be had.</exception>
    Task<Answer> AnswerAsync(Question question, CancellationToken cancellation);
}
