using Sluice.Protocol.Requests;

namespace Sluice.Gateway.Sources;

/// <summary>
/// How hard a model thinks, which some APIs say in words and others in tokens. Google's own compatible API equates them this way.
/// </summary>
internal static class ThinkingWords
{
    private static readonly (string Word, int Tokens)[] Known = [("minimal", 1024), ("low", 1024), ("medium", 8192), ("high", 24_576)];

    /// <summary>Tokens to think; null where the client leaves it to the model.</summary>
    /// <exception cref="InvalidRequestException">The word stands for no number.</exception>
    public static int? Tokens(ThinkingOptions thinking)
    {
        if (thinking.Enabled == false || thinking.Effort == "none")
            return 0;
        if (thinking.BudgetTokens is { } budget)
            return budget;
        if (thinking.Effort is not { } word)
            return thinking.Enabled == true ? Known[2].Tokens : null;
        int at = Array.FindIndex(Known, known => known.Word == word);
        return at >= 0 ? Known[at].Tokens : throw new InvalidRequestException(
            $"'reasoning_effort' must be one of none, {string.Join(", ", Known.Select(known => known.Word))} for this model's source.",
            "reasoning_effort", "invalid_value");
    }

    /// <summary>The word that comes nearest; null where the client leaves it to the model.</summary>
    public static string? Effort(ThinkingOptions thinking) =>
        thinking.Effort ?? (thinking.BudgetTokens is not { } budget || thinking.Enabled == false
            ? null
            : Known.LastOrDefault(known => known.Tokens <= budget && known.Word != "minimal", Known[1]).Word);
}
