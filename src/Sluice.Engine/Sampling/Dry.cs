namespace Sluice.Engine.Sampling;

/// <summary>
/// DRY ("don't repeat yourself", p-e-w 2024, text-generation-webui pull request 5677; as llama.cpp computes it): a token that would go on
/// repeating what the sequence ends with loses multiplier x base^(length - allowed), length being that of the repetition so far. Linear in
/// the window.
/// </summary>
/// <param name="lastTokens">How far back it looks; below 0 everywhere.</param>
/// <param name="breakers">What no repetition reaches over.</param>
internal sealed class Dry(float multiplier, float strengthBase, int allowedLength, int lastTokens, DryBreakers breakers) : ILogitEdit
{
    // The largest exponent for which a float holds base^exponent.
    private readonly int _mostExponent =
        strengthBase > 1.000001f ? (int)(MathF.Log(float.MaxValue) / MathF.Log(strengthBase)) : int.MaxValue;

    public void Apply(Span<float> logits, in DrawContext draw)
    {
        int window = lastTokens < 0 ? draw.Tokens.Length : Math.Min(lastTokens, draw.Tokens.Length);
        var tokens = draw.Tokens[^window..];
        if (window <= allowedLength)
            return;
        int reach = Reach(tokens);
        if (reach < allowedLength)
            return;
        var repeats = draw.Scratch.PerPosition(window);
        Repeats(tokens, repeats);
        Penalise(logits, tokens, repeats, reach, draw.Scratch.PerToken);
    }

    /// <summary>How many of the last tokens lie behind the last breaker.</summary>
    private int Reach(ReadOnlySpan<int> tokens)
    {
        for (int back = 0; back < tokens.Length; back++)
        {
            var end = tokens[^(back + 1)..];
            int longest = breakers.Tokens.Contains(end[0]) ? 1 : 0;
            for (int b = 0; b < breakers.Sequences.Count; b++)
            {
                if (breakers.Sequences[b].Length > longest && end.StartsWith(breakers.Sequences[b]))
                    longest = breakers.Sequences[b].Length;
            }
            if (longest > 0)
                return back + 1 - longest;
        }
        return tokens.Length;
    }

    /// <summary>
    /// For each position, counted from the end, how many tokens up to and with it equal the sequence's last ones: the Z algorithm (Gusfield
    /// 1997) on the reversed tokens.
    /// </summary>
    private static void Repeats(ReadOnlySpan<int> tokens, Span<int> repeats)
    {
        int n = tokens.Length, left = 0, end = 0;
        repeats[0] = n;
        for (int k = 1; k < n; k++)
        {
            int length = k < end ? Math.Min(end - k, repeats[k - left]) : 0;
            while (k + length < n && tokens[n - 1 - length] == tokens[n - 1 - k - length])
                length++;
            repeats[k] = length;
            if (k + length > end)
                (left, end) = (k, k + length);
        }
    }

    private void Penalise(Span<float> logits, ReadOnlySpan<int> tokens, ReadOnlySpan<int> repeats, int reach, int[] longest)
    {
        int n = tokens.Length;
        for (int k = 1; k < n; k++)
        {
            int next = tokens[n - k], length = Math.Min(repeats[k], reach);
            if (length >= allowedLength && (uint)next < (uint)logits.Length)
                longest[next] = Math.Max(longest[next], length + 1); // 0 says that it is not there
        }
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)logits.Length || longest[token] == 0)
                continue;
            int exponent = Math.Min(longest[token] - 1 - allowedLength, _mostExponent);
            if (!breakers.Tokens.Contains(token))
                logits[token] -= multiplier * MathF.Pow(strengthBase, exponent);
            longest[token] = 0;
        }
    }
}
