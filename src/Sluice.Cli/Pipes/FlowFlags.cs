using System.CommandLine;
using Sluice.Cli.Flags;
using Sluice.Pipe.Flow;
using Sluice.Pipe.Likeness;
using Sluice.Pipe.Output;

namespace Sluice.Cli.Pipes;

/// <summary>How many at once, what is asked twice, when it ends before the input does.</summary>
internal sealed class FlowFlags
{
    private const int AdaptiveStart = 4;
    private const int MostBits = 16;

    /// <summary>0 stands for auto.</summary>
    private readonly Option<int?> _concurrency = new("--concurrency", "-j")
    {
        Description = $"Calls in flight ({FlowOptions.DefaultConcurrency}); auto finds how many the source works on at once.",
        HelpName = "N|auto",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (text == "auto")
                return 0;
            if (int.TryParse(text, out int number) && number is >= 1 and <= FlowOptions.MaxConcurrency)
                return number;
            result.AddError($"--concurrency takes auto or a whole number from 1 to {FlowOptions.MaxConcurrency}, not '{text}'.");
            return null;
        },
    };

    private readonly Option<int?> _perCall = Flag.Integer("--records-per-call",
        "Asks about so many records in one call (1); one whose answer is not in it is asked about alone.",
        1, FlowOptions.MaxRecordsPerCall, "-n");

    private readonly Option<bool> _unordered = Flag.Switch("--unordered", "Writes answers as they come instead of in input order.");
    private readonly Option<bool> _cache = Flag.Switch("--cache",
        "Asks the same question once; records that are the same share the answer.");

    private readonly Option<ILikeness?> _dedupe = Likeness("--dedupe",
        "Asks once about records that are alike: the same text, the same but for case and punctuation, " +
        "or simhashes that differ in K bits.");

    private readonly Option<HaltRule?> _halt = new("--halt")
    {
        Description = "Ends the run when so many records, or such a share of them, have failed.",
        HelpName = "now|soon,fail=N[%]",
        CustomParser = result =>
        {
            HaltRule? rule = HaltRule.Parse(result.Tokens[0].Value);
            if (rule is null)
                result.AddError($"--halt takes {HaltRule.Form}, not '{result.Tokens[0].Value}'.");
            return rule;
        },
    };

    private readonly Option<float?> _maxCost = Flag.Number("--max-cost",
        "Ends the run before it costs more than this, in USD; needs a price.", 0, 1e9f);
    private readonly Option<TimeSpan?> _deadline = Flag.Duration("--deadline", "Ends the run after this time.");

    public static Option<ILikeness?> Likeness(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "exact|norm|simhash:K",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            ILikeness? found = text switch
            {
                "exact" => new NormalizedLikeness(exactly: true),
                "norm" => new NormalizedLikeness(exactly: false),
                _ when text.StartsWith("simhash:", StringComparison.Ordinal)
                    && int.TryParse(text.AsSpan("simhash:".Length), out int bits) && bits is >= 0 and <= MostBits
                    => new SimhashLikeness(bits),
                _ => null,
            };
            if (found is null)
                result.AddError($"{name} takes exact, norm or simhash:K with K from 0 to {MostBits}, not '{text}'.");
            return found;
        },
    };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _concurrency, _perCall, _unordered, _cache, _dedupe, _halt, _maxCost, _deadline })
            command.Add(option);
    }

    public FlowOptions Read(ParseResult parsed, OnFail onFail)
    {
        int? concurrency = parsed.GetValue(_concurrency);
        HaltRule? halt = parsed.GetValue(_halt);
        if (onFail.Action == FailAction.Stop)
            halt = halt is null
                ? new HaltRule(Now: true, Failures: 1, Percent: null)
                : throw new UsageException("--on-fail stop and --halt exclude each other.");
        return new FlowOptions
        {
            Concurrency = concurrency switch { null => FlowOptions.DefaultConcurrency, 0 => AdaptiveStart, { } number => number },
            Adaptive = concurrency == 0,
            RecordsPerCall = parsed.GetValue(_perCall) ?? 1,
            Unordered = parsed.GetValue(_unordered),
            Share = parsed.GetValue(_cache),
            Halt = halt,
            MaxCost = parsed.GetValue(_maxCost),
            Deadline = parsed.GetValue(_deadline),
        };
    }

    public ILikeness? ReadLikeness(ParseResult parsed) => parsed.GetValue(_dedupe);
}
