using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Sources;

/// <summary>
/// Says how likely each of some labels is as the answer, without writing one: the prompt is computed once, and the labels after it.
/// </summary>
/// <remarks>
/// A label's score is the logarithm of the probability that the answer is that label and then ends:
/// <c>logprob(label) = Σ ln P(tᵢ | prompt, t₁ … tᵢ₋₁) + ln Σ P(e | prompt, t₁ … tₙ)</c> over the label's tokens t₁ … tₙ and the tokens e that
/// end an answer. So a label that another one begins with ("no", "none") does not get the other's probability too. Over the request's
/// labels these are normalised to <c>probability(label) = exp logprob(label) / Σ exp logprob</c>: how likely the label is, given that the
/// answer is one of them.
/// </remarks>
public interface IScoringSource : ISource
{
    /// <summary>False where it has the role but what stands behind it does not: no labels are sent to it.</summary>
    bool Scores => true;

    /// <summary>Scores every label or throws. Cancelling stops the work.</summary>
    /// <exception cref="InvalidRequestException">This source cannot score such labels after such a prompt.</exception>
    /// <exception cref="SourceException">The source could not start or failed.</exception>
    Task<ScoringResult> ScoreAsync(ScoringRequest request, RequestContext context, CancellationToken cancellation);
}
