namespace Sluice.Models.Grammars.Masks;

/// <summary>The tokens that may come next: bits, which masks share, and a few beside them. Immutable.</summary>
/// <param name="bits">One for each token of the vocabulary.</param>
/// <param name="others">Further tokens.</param>
internal sealed class TokenMask(ulong[] bits, int[] others)
{
    public ReadOnlySpan<ulong> Bits => bits;

    public ReadOnlySpan<int> Others => others;

    public bool Contains(int token) => ((bits[token >> 6] >> (token & 63)) & 1) != 0 || others.AsSpan().Contains(token);
}
