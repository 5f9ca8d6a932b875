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
        InertOption.Never("logprobs"),
        InertOption.EmptyObject("logit_bias"),
        new("suffix", "an empty string", value => value.ValueKind == JsonValueKind.String && value.ValueEquals("")),
    ];

    private static readonly FrozenSet<string> Known =
        FrozenSet.ToFrozenSet([.. SamplingFields.Names, .. ContextFields.Names, .. Inert.Select(option => option.Name), "prompt", "echo", "best_of"]);

    public string Name => "openai.completions";

    public CompletionRequest Parse(ReadOnlyMemory<byte> body)
    {
        var fields = new JsonFields(JsonBody.Parse(body), "");
        fields.RefuseUnknown(Known);
        CompletionRequest view = SamplingFields.Read(fields);
        foreach (InertOption option in Inert)
            option.Check(fields);
        if (fields.Integer("best_of", 0) is { } bestOf && bestOf != view.Choices)
            throw FieldError.Unsupported("best_of", "the value of 'n'");
        view = view with
        {
            Prompts = PromptFields.Read(fields, "prompt", "prompts"),
            Keep = ContextFields.Read(fields),
            Echo = fields.Boolean("echo") ?? false,
            MaxTokens = view.MaxTokens ?? DefaultMaxTokens,
        };
        return view.TotalChoices <= MaxChoices
            ? view
            : throw new InvalidRequestException($"'n' times the number of prompts is above {MaxChoices}.", "n", "integer_above_max_value");
    }

    public IFramer CreateFramer(CompletionRequest request, AnswerInfo answer) => new OpenAiCompletionsFramer(request, answer);

    public void WriteError(ApiError fault, IBufferWriter<byte> output) => OpenAiErrors.WriteBody(fault, output);
}
