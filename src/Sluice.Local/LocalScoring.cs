using Sluice.Engine.Labels;
using Sluice.Engine.Requests;
using Sluice.Models.Tokenizers;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Local;

/// <summary>Scores labels after a prompt: tokens of every label, log-probabilities from the engine, shares.</summary>
/// <remarks>
/// A label may be spelled by two sequences of tokens: as it is alone, and as it goes on the prompt's text. They are the same for byte-level
/// vocabularies; where a vocabulary puts a space before a text they differ, and models are trained on the one or the other. Both are
/// computed and their probabilities added.
/// </remarks>
internal sealed class LocalScoring(LocalModel model, LocalPrompts prompts)
{
    /// <summary>Tokens of the prompt's end that decide how a label goes on its text.</summary>
    private const int TailTokens = 8;

    private static readonly EncodeOptions Plain = new(AddSpecial: false, ParseSpecial: false);

    /// <inheritdoc cref="IScoringSource.ScoreAsync"/>
    public async Task<ScoringResult> ScoreAsync(ScoringRequest request, RequestContext context, CancellationToken cancellation)
    {
        Check(request.Labels);
        var prompt = prompts.Make(request, context);
        string tail = prompts.Decode(prompt.LastTokens(TailTokens));
        var spellings = new List<int[]>(request.Labels.Count);
        var labels = new List<int>(request.Labels.Count); // of each spelling
        for (int label = 0; label < request.Labels.Count; label++)
        {
            foreach (int[] spelling in Spell(request.Labels[label], tail))
            {
                spellings.Add(spelling);
                labels.Add(label);
            }
        }
        var outcome = model.Engine.TrySubmit(
            new LabelRequest
            {
                Prompt = prompt, Labels = spellings, EndTokens = model.EndTokens,
                Priority = context.Priority, Tenant = context.Tenant, Deadline = context.Deadline,
            },
            out var generation);
        using var _ = generation ?? throw (outcome == SubmitOutcome.DoesNotFit ? TooLong() : LocalFaults.Of(outcome, model));
        var (end, logprobs) = await generation.ReadAsync(cancellation).ConfigureAwait(false);
        LocalFaults.FinishOf(end.Finish!.Value, end.Fault);
        var usage = new Usage(prompt.Length, generation.LabelTokens, generation.CachedTokens);
        return new ScoringResult(Share(request.Labels, labels, logprobs), usage);
    }

    private static void Check(IReadOnlyList<string> labels)
    {
        if (labels.Count is < 1 or > ScoringRequest.MostLabels)
        {
            throw new InvalidRequestException(
                $"There are {labels.Count} labels; 1 to {ScoringRequest.MostLabels} can be scored at once.", "choices", "invalid_value");
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string label in labels)
        {
            if (label.Length == 0)
                throw new InvalidRequestException("A label is empty; every label needs a text.", "choices", "invalid_value");
            if (!seen.Add(label))
                throw new InvalidRequestException($"The label '{Shorten(label)}' is there twice.", "choices", "invalid_value");
        }
    }

    private IEnumerable<int[]> Spell(string label, string tail)
    {
        int[] alone = Encode(label, Plain);
        yield return alone;
        int[] before = Encode(tail, EncodeOptions.Rendered), whole = Encode(tail + label, EncodeOptions.Rendered);
        // Not where it merges with the prompt's tokens, which are what they are, nor where it spells a special token.
        bool goesOn = whole.Length > before.Length && whole.AsSpan().StartsWith(before);
        bool isPlain = Encode(label, EncodeOptions.Rendered).AsSpan().SequenceEqual(alone);
        if (goesOn && isPlain && !whole.AsSpan(before.Length).SequenceEqual(alone))
            yield return whole[before.Length..];
    }

    private int[] Encode(string text, EncodeOptions options)
    {
        var ids = new List<int>();
        return model.Tokenizer.TryEncode(text, options, model.Engine.Options.ContextTokens, ids) ? [.. ids] : throw TooLong();
    }

    /// <summary>
    /// What the labels' probabilities are among themselves: exp(logprob) / Σ exp(logprob), in a form that cannot underflow.
    /// </summary>
    private static List<LabelScore> Share(IReadOnlyList<string> labels, List<int> labelOf, IReadOnlyList<double> logprobs)
    {
        var sums = Enumerable.Repeat(double.NegativeInfinity, labels.Count).ToArray();
        for (int i = 0; i < logprobs.Count; i++)
            sums[labelOf[i]] = LogSum(sums[labelOf[i]], logprobs[i]);
        double total = sums.Aggregate(double.NegativeInfinity, LogSum);
        return [.. labels.Select((label, i) => new LabelScore(label, sums[i], Math.Exp(sums[i] - total)))];
    }

    /// <summary>ln(exp a + exp b).</summary>
    private static double LogSum(double a, double b)
    {
        double high = Math.Max(a, b), low = Math.Min(a, b);
        return double.IsNegativeInfinity(low) ? high : high + Math.Log(1 + Math.Exp(low - high));
    }

    private InvalidRequestException TooLong() => new(
        $"the prompt and its longest label do not fit this model's context of {model.Engine.Options.ContextTokens} tokens",
        "choices", "context_length_exceeded");

    private static string Shorten(string label) => label.Length <= 40 ? label : label[..40] + "…";
}
