using System.Text.RegularExpressions;
using Sluice.Gateway.Configuration;

namespace Sluice.Gateway.Routing;

/// <summary>The rules of a pool, ready to be asked. Expressions cannot backtrack, so no text makes them slow.</summary>
internal sealed class RuleSet(IReadOnlyList<RuleConfig> rules)
{
    // What a rule decides on stands at the beginning.
    private const int MaxChars = 16384;

    private readonly (RuleConfig Rule, Regex? Expression)[] _rules =
        [.. rules.Select(rule => (rule, rule.Matches is { } text ? new Regex(text, RegexOptions.NonBacktracking) : null))];

    /// <summary>The tag of the first rule that fits; null where none does.</summary>
    public string? Find(RouteRequest request)
    {
        foreach ((RuleConfig rule, Regex? expression) in _rules)
        {
            if (Fits(rule, expression, request))
                return rule.To;
        }
        return null;
    }

    private static bool Fits(RuleConfig rule, Regex? expression, RouteRequest request)
    {
        if (request.PromptTokens < rule.MinTokens || request.PromptTokens > rule.MaxTokens)
            return false;
        string? subject = rule.Header is { } header ? request.Context.Header(header) : request.Text;
        if (subject is null || (expression is not null && !expression.IsMatch(subject.AsSpan(0, Math.Min(subject.Length, MaxChars)))))
            return false;
        return rule.Script is null || Scripts.MostOf(request.Text.AsSpan(0, Math.Min(request.Text.Length, MaxChars))) == rule.Script;
    }
}
