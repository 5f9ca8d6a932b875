namespace Sluice.Engine.Sampling;

/// <summary>What a step may know of the draw at hand.</summary>
/// <param name="tokens">The sequence so far, prompt and answer; an id below 0 stands for a position whose embedding was given.</param>
/// <param name="promptLength">How many of them are the prompt.</param>
/// <param name="seed">Same seed and length, same numbers.</param>
/// <param name="scratch">For steps that count; borrowed during the call.</param>
internal readonly ref struct DrawContext(ReadOnlySpan<int> tokens, int promptLength, ulong seed, TokenScratch scratch)
{
    public ReadOnlySpan<int> Tokens { get; } = tokens;

    public int PromptLength { get; } = promptLength;

    public TokenScratch Scratch { get; } = scratch;

    /// <summary>The number in [0, 1) that decides which token is drawn.</summary>
    public double Uniform => At(seed);

    /// <summary>Another, for steps that leave something to chance.</summary>
    public double OtherUniform => At(~seed);

    /// <summary>SplitMix64 at a given index (Steele, Lea and Flood 2014): the n-th number of a seed, whatever was drawn before.</summary>
    private double At(ulong stream)
    {
        ulong z = stream * 0xD1342543DE82EF95 + (ulong)Tokens.Length * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
