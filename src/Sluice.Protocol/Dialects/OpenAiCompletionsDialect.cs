using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Protocol.Requests;

namespace Sluice.Protocol.Dialects;

/// <summary>OpenAI's <c>/v1/completions</c>: plain prompts, no template.</summary>
public sealed class OpenAiCompletionsDialect : IDialect
{
    private const int MaxChoices = 2048;

    // The contract's own default; a client of this endpoint that wants more has always had to say so.
    private const int DefaultMaxTokens = 16;

    private static readonly InertOption[] Inert =
    [
        new("suffix", "an empty string", value => value.ValueKind == JsonValueKind.String && value.ValueEquals("")),
    ];

    private static readonly FrozenSet<string> Known =
        FrozenSet.ToFrozenSet(
        [
            "prompt", "echo", "best_of", "logprobs",
            .. SamplingFields.Names, .. ContextFields.Names, .. FormatFields.Names, .. Inert.Select(option => option.Name),
        ]);

    public string Name => "openai.completions";

    public CompletionRequest Parse(ReadOnlyMemory<byte> body)
    {
        var fields = new JsonFields(JsonBody.Parse(body), "");
        fields.RefuseUnknown(Known);
        CompletionRequest view = SamplingFields.Read(fields);
        foreach (InertOption option in Inert)
            option.Check(fields);
        view = view with
        {
            Prompts = PromptFields.Read(fields, "prompt", "prompts"),
            Keep = ContextFields.Read(fields),
            KeepPromptCached = ContextFields.KeepsPromptCached(fields),
            CacheSalt = ContextFields.ReadSalt(fields),
            Echo = fields.Boolean("echo") ?? false,
            MaxTokens = view.MaxTokens ?? DefaultMaxTokens,
            Logprobs = fields.Integer("logprobs", 0, SamplingFields.MaxLogprobs),
            BestOf = ReadBestOf(fields, view),
            Format = FormatFields.Read(fields),
        };
        return Math.Max(view.Choices, view.BestOf ?? 0) * view.Prompts.Count <= MaxChoices
            ? view
            : throw new InvalidRequestException(
                $"'n' or 'best_of' times the number of prompts is above {MaxChoices}.", "n", "integer_above_max_value");
    }

    private static int? ReadBestOf(JsonFields fields, CompletionRequest view)
    {
        if (fields.Integer("best_of", 1, SamplingFields.MaxChoices) is not { } bestOf || bestOf == view.Choices)
            return null;
        if (bestOf < view.Choices)
            throw new InvalidRequestException($"'best_of' must be at least 'n', which is {view.Choices}.", "best_of", "invalid_value");
        return view.Stream
            ? throw new InvalidRequestException(
                "The best of several answers is known only at their end: 'best_of' above 'n' cannot be streamed.",
                "best_of", "invalid_value")
            : bestOf;
    }

    public IFramer CreateFramer(CompletionRequest request, AnswerInfo answer) => new OpenAiCompletionsFramer(request, answer);

    public IFramer CreateRelay() => new RelayFramer(OpenAiEnvelope.EndMark, OpenAiEnvelope.WriteStreamError);

    public void WriteError(ApiError fault, IBufferWriter<byte> output) => OpenAiErrors.WriteBody(fault, output);
}
