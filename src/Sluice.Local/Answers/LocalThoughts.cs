using Sluice.Engine.Constraints;
using Sluice.Models.Tokenizers;
using Sluice.Protocol.Requests;

namespace Sluice.Local.Answers;

/// <summary>How long a model may think before it answers.</summary>
internal static class LocalThoughts
{
    /// <summary>
    /// What the answer may say, with the thoughts before it; null for anything. A client that switches thinking off gets none, also where the
    /// template has no switch: then the end is forced where thoughts begin.
    /// </summary>
    /// <param name="then">What the answer itself may say.</param>
    /// <exception cref="InvalidRequestException">Thoughts shall be bounded that have no end to force.</exception>
    public static ITokenGrammar? Bound(ChatReading? reading, ThinkingOptions thinking, ITokenizer tokenizer, ITokenGrammar? then)
    {
        if (reading is null)
            return then;
        var format = reading.Format.Format;
        if (format.Thoughts is not var (start, end))
        {
            return thinking.BudgetTokens is null || !format.HasThoughts ? then : throw new InvalidRequestException(
                "'thinking_budget_tokens' is not supported by this model: no tag ends its thoughts; leave it out",
                "thinking_budget_tokens", "unsupported_value");
        }
        bool open = format.OpensThoughts(reading.Opening);
        int? budget = thinking.BudgetTokens ?? (thinking.Enabled == false ? 0 : null);
        return budget is null && (then is null || !open) ? then : new ThoughtGrammar(tokenizer, start, end, open, budget, then);
    }
}
