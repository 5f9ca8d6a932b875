using System.CommandLine;
using System.Security.Cryptography;
using Sluice.Protocol.Requests;

namespace Sluice.Cli.Flags;

/// <summary>How an answer is drawn. What is not given is left to the model's own defaults.</summary>
internal sealed class GenerationFlags
{
    private readonly Option<int?> _maxTokens = Flag.Integer(
        "-n", "Most tokens to generate; without it the model or its context says when.", 1, int.MaxValue, "--max-tokens");
    private readonly Option<float?> _temperature = Flag.Number("--temp", "Temperature; 0 always takes the most likely token.", 0, 2);
    private readonly Option<int?> _topK = Flag.Integer("--top-k", "Draw from the N most likely tokens; 0 from all.", 0, int.MaxValue);
    private readonly Option<float?> _topP = Flag.Number(
        "--top-p", "Draw from the most likely tokens that together reach this probability.", 0, 1);
    private readonly Option<float?> _minP = Flag.Number(
        "--min-p", "Draw from tokens at least this likely relative to the most likely one.", 0, 1);
    private readonly Option<float?> _repeatPenalty = Flag.Number(
        "--repeat-penalty", "Make tokens seen before less likely; 1 changes nothing.", 0.01f, 100);
    private readonly Option<float?> _presencePenalty = Flag.Number(
        "--presence-penalty", "Subtracted from tokens that the answer contains already.", -2, 2);
    private readonly Option<float?> _frequencyPenalty = Flag.Number(
        "--frequency-penalty", "Subtracted from a token for each time the answer contains it.", -2, 2);
    private readonly Option<long?> _seed = Flag.Long("--seed", "Same seed, same answer.");
    private readonly Option<string[]> _stop =
        new("--stop") { Description = "End the answer before this text; may be given up to four times.", HelpName = "TEXT" };

    private readonly Option<bool> _noThink = Flag.Switch("--no-think", "Answer at once, if the model would think before it answers.");
    private readonly Option<int?> _thinkBudget = Flag.Integer(
        "--think-budget", "Most tokens to think before the answer begins.", 0, int.MaxValue);

    private readonly SamplerFlags _samplers = new();

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[]
            { _maxTokens, _temperature, _topK, _topP, _minP, _repeatPenalty, _presencePenalty, _frequencyPenalty, _seed, _stop, _noThink, _thinkBudget })
            command.Add(option);
        _samplers.AddTo(command);
    }

    /// <summary>Whether something is said about thinking.</summary>
    public bool BoundsThinking(ParseResult parsed) => parsed.GetValue(_noThink) || parsed.GetValue(_thinkBudget) is not null;

    /// <summary>A request without its prompt.</summary>
    public CompletionRequest Read(ParseResult parsed, string model) => _samplers.Read(parsed, new()
    {
        Model = model,
        MaxTokens = parsed.GetValue(_maxTokens),
        Temperature = parsed.GetValue(_temperature),
        TopK = parsed.GetValue(_topK),
        TopP = parsed.GetValue(_topP),
        MinP = parsed.GetValue(_minP),
        RepetitionPenalty = parsed.GetValue(_repeatPenalty),
        PresencePenalty = parsed.GetValue(_presencePenalty),
        FrequencyPenalty = parsed.GetValue(_frequencyPenalty),
        Seed = parsed.GetValue(_seed) ?? RandomNumberGenerator.GetInt32(int.MaxValue),
        Stop = parsed.GetValue(_stop) ?? [],
        Thinking = new ThinkingOptions
        {
            Enabled = parsed.GetValue(_noThink) ? false : null,
            BudgetTokens = parsed.GetValue(_thinkBudget),
        },
    });
}
