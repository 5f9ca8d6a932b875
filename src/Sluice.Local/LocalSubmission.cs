using Sluice.Engine.Constraints;
using Sluice.Engine.Requests;
using Sluice.Local.Answers;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Local;

/// <summary>Hands prompts to the engine, sampled as the client and the model's makers say.</summary>
/// <param name="random">Seeds requests that bring no seed.</param>
internal sealed class LocalSubmission(LocalModel model, Random random)
{
    private readonly LocalSampling _sampling = new(model, random);

    /// <param name="grammar">What the answer may say; null for anything.</param>
    /// <exception cref="SourceException">The queue is full, or the model is shutting down.</exception>
    public Generation Submit(LocalPrompt prompt, CompletionRequest view, ITokenGrammar? grammar, int choice, RequestContext context)
    {
        var request = new GenerationRequest
        {
            Prompt = prompt.Prompt,
            Sampling = _sampling.Of(view, choice),
            MaxTokens = view.MaxTokens ?? int.MaxValue,
            StopTokens = model.EndTokens,
            Grammar = LocalThoughts.Bound(prompt.Reading, view.Thinking, model.Tokenizer, grammar),
            Prediction = prompt.Prediction,
            PinPrompt = view.KeepPromptCached,
            Priority = context.Priority,
            Tenant = context.Tenant,
            Deadline = context.Deadline,
            Logprobs = view.Logprobs ?? (view.BestOf is null ? null : 0), // the best are told by them
        };
        var outcome = model.Engine.TrySubmit(request, out var generation);
        return generation ?? throw LocalFaults.Of(outcome, model);
    }
}
