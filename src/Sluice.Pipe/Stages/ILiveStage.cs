using Sluice.Pipe.Asking;

namespace Sluice.Pipe.Stages;

/// <summary>A stage whose answers can be seen while they are being written.</summary>
internal interface ILiveStage : IStage
{
    /// <param name="onText">Called with each piece of the answer's text as it comes.</param>
    /// <inheritdoc cref="IStage.AnswerAsync"/>
    Task<Answer> AnswerAsync(Question question, Action<string>? onText, CancellationToken cancellation);
}
