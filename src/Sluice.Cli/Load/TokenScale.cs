namespace Sluice.Cli.Load;

/// <summary>What words come to in a server's tokens.</summary>
/// <param name="Fixed">Tokens of a prompt without a word: the chat template's.</param>
/// <param name="PerWord">Tokens that one word adds.</param>
/// <param name="Measured">Whether the server told; else these are what English usually comes to.</param>
internal readonly record struct TokenScale(double Fixed, double PerWord, bool Measured)
{
    public static TokenScale Usual { get; } = new(0, 1.1, Measured: false);

    /// <summary>From the prompt tokens of two texts of different numbers of words.</summary>
    public static TokenScale Of((int Words, int Tokens) few, (int Words, int Tokens) many)
    {
        double perWord = (double)(many.Tokens - few.Tokens) / (many.Words - few.Words);
        return perWord > 0 ? new TokenScale(Math.Max(0, few.Tokens - few.Words * perWord), perWord, Measured: true) : Usual;
    }

    /// <summary>Words that come nearest to a number of tokens, at least one.</summary>
    public int WordsOf(double tokens) => Math.Max(1, (int)Math.Round(tokens / PerWord));
}
