using Sluice.Protocol.Requests;

namespace Sluice.Gateway.Sources;

/// <summary>
/// Which options of the common view a request sets, by OpenAI's names. A language says which of them it can put into words; all others are
/// refused, because what was asked for would not happen.
/// </summary>
internal static class SetOptions
{
    private static readonly (string Name, Func<CompletionRequest, bool> IsSet)[] All =
    [
        ("prompt", view => view.Prompts is not null),
        ("tools", view => view.Tools is not null),
        ("strict tools", view => view.StrictTools),
        ("response_format", view => view.Format is not null),
        ("thinking that stays in the text", view => view.Thinking.InText),
        ("add_generation_prompt", view => !view.AddGenerationPrompt && !view.ContinueFinalMessage),
        ("continue_final_message", view => view.ContinueFinalMessage),
        ("chat_template_kwargs", view => view.TemplateVariables.Count > 0),
        ("temperature", view => view.Temperature is not null),
        ("top_p", view => view.TopP is not null),
        ("top_k", view => view.TopK is not null),
        ("min_p", view => view.MinP is not null),
        ("frequency_penalty", view => view.FrequencyPenalty is not null),
        ("presence_penalty", view => view.PresencePenalty is not null),
        ("repetition_penalty", view => view.RepetitionPenalty is not null),
        ("seed", view => view.Seed is not null),
        ("logit_bias", view => view.LogitBias.Count > 0),
        ("sampling options that OpenAI does not have", view => view.Extended != new ExtendedSampling()),
        ("logprobs", view => view.Logprobs is not null),
        ("n", view => view.Choices > 1),
        ("best_of", view => view.BestOf is not null),
        ("kv_window", view => view.Keep is not null),
        ("echo", view => view.Echo),
    ];

    /// <exception cref="InvalidRequestException">The request sets an option that is not among <paramref name="known"/>.</exception>
    public static void RefuseOthers(CompletionRequest view, string api, params ReadOnlySpan<string> known)
    {
        foreach ((string name, Func<CompletionRequest, bool> isSet) in All)
        {
            if (!known.Contains(name) && isSet(view))
                throw new InvalidRequestException($"'{name}' cannot be said in {api}; leave it out.", name, "unsupported_value");
        }
    }
}
