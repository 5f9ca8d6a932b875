using System.CommandLine;
using System.Globalization;
using Sluice.Protocol.Requests;

namespace Sluice.Cli.Flags;

/// <summary>The ways of drawing that OpenAI does not have, named as the fields of a request are.</summary>
internal sealed class SamplerFlags
{
    private readonly Option<int?> _minTokens =
        Flag.Integer("--min-tokens", "The answer does not end before this many tokens.", 0, int.MaxValue);
    private readonly Option<bool> _ignoreEos = Flag.Switch("--ignore-eos", "The answer does not end by itself.");
    private readonly Option<int?> _repeatLastN =
        Flag.Integer("--repeat-last-n", "All penalties look at the last N tokens of prompt and answer; -1 at all.", -1, int.MaxValue);
    private readonly Option<float?> _dynamicRange =
        Flag.Number("--dynatemp-range", "The temperature goes this far up and down with the entropy.", 0, 10);
    private readonly Option<float?> _dynamicExponent =
        Flag.Number("--dynatemp-exponent", "How the entropy sets the place in that range.", 0, 10);
    private readonly Option<float?> _topNSigma =
        Flag.Number("--top-n-sigma", "Draw from tokens within so many standard deviations of the largest logit; 0 is off.", 0, 100);
    private readonly Option<float?> _typicalP =
        Flag.Number("--typical-p", "Draw from the tokens nearest to the entropy that together exceed this probability.", 0, 1);
    private readonly Option<float?> _xtcProbability =
        Flag.Number("--xtc-probability", "How often the likeliest tokens are left out; 0 is off.", 0, 1);
    private readonly Option<float?> _xtcThreshold =
        Flag.Number("--xtc-threshold", "From which probability on; the least likely of them stays.", 0, 1);
    private readonly Option<int?> _minKeep =
        Flag.Integer("--min-keep", "Top-p, min-p, typical and XTC leave at least N tokens.", 0, int.MaxValue);
    private readonly Option<float?> _dryMultiplier =
        Flag.Number("--dry-multiplier", "Strength of DRY against repeated sequences; 0 is off.", 0, 100);
    private readonly Option<float?> _dryBase =
        Flag.Number("--dry-base", "How much harder each further repeated token is punished.", 1, 100);
    private readonly Option<int?> _dryAllowedLength =
        Flag.Integer("--dry-allowed-length", "The longest repetition that goes unpunished.", 0, int.MaxValue);
    private readonly Option<int?> _dryLastN =
        Flag.Integer("--dry-penalty-last-n", "DRY looks at the last N tokens; -1 at all.", -1, int.MaxValue);
    private readonly Option<string[]> _dryBreakers = new("--dry-sequence-breaker")
    {
        Description = "Text that ends a repetition; may be given up to eight times.",
        HelpName = "TEXT",
    };
    private readonly Option<int?> _mirostat =
        Flag.Integer("--mirostat", "Version of mirostat, which takes the place of the filters; 0 is off.", 0, 2);
    private readonly Option<float?> _mirostatTau =
        Flag.Number("--mirostat-tau", "The surprise per token that it aims at, in bits.", 0, 100);
    private readonly Option<float?> _mirostatEta = Flag.Number("--mirostat-eta", "How fast it learns.", 0, 1);
    private readonly Option<(int Token, float Bias)[]> _logitBias = new("--logit-bias")
    {
        Description = "Added to a token's logit, -100 to 100; may be given several times.",
        HelpName = "ID=BIAS",
        CustomParser = result => [.. result.Tokens.Select(token => ParseBias(token.Value, result.AddError))],
    };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[]
        {
            _minTokens, _ignoreEos, _repeatLastN, _dynamicRange, _dynamicExponent, _topNSigma, _typicalP, _xtcProbability, _xtcThreshold,
            _minKeep, _dryMultiplier, _dryBase, _dryAllowedLength, _dryLastN, _dryBreakers, _mirostat, _mirostatTau, _mirostatEta,
            _logitBias,
        })
            command.Add(option);
    }

    public CompletionRequest Read(ParseResult parsed, CompletionRequest request) => request with
    {
        LogitBias = parsed.GetValue(_logitBias) ?? [],
        Extended = new ExtendedSampling
        {
            MinTokens = parsed.GetValue(_minTokens),
            IgnoreEnd = parsed.GetValue(_ignoreEos) ? true : null,
            RepeatLastN = parsed.GetValue(_repeatLastN),
            DynamicRange = parsed.GetValue(_dynamicRange),
            DynamicExponent = parsed.GetValue(_dynamicExponent),
            TopNSigma = parsed.GetValue(_topNSigma),
            TypicalP = parsed.GetValue(_typicalP),
            XtcProbability = parsed.GetValue(_xtcProbability),
            XtcThreshold = parsed.GetValue(_xtcThreshold),
            MinKeep = parsed.GetValue(_minKeep),
            DryMultiplier = parsed.GetValue(_dryMultiplier),
            DryBase = parsed.GetValue(_dryBase),
            DryAllowedLength = parsed.GetValue(_dryAllowedLength),
            DryLastN = parsed.GetValue(_dryLastN),
            DryBreakers = parsed.GetValue(_dryBreakers) is { Length: > 0 } breakers ? breakers : null,
            Mirostat = parsed.GetValue(_mirostat),
            MirostatTau = parsed.GetValue(_mirostatTau),
            MirostatEta = parsed.GetValue(_mirostatEta),
        },
    };

    private static (int, float) ParseBias(string text, Action<string> addError)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        if (at > 0 && int.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out int token)
            && float.TryParse(text.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out float bias)
            && bias is >= -100 and <= 100)
            return (token, bias);
        addError($"--logit-bias takes a token id, '=' and a number from -100 to 100, not '{text}'.");
        return default;
    }
}
