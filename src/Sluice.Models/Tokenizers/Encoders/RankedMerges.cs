namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>Merges as a list gives them: a pair of ids has the rank of its line.</summary>
internal readonly struct RankedMerges(MergeTable table) : IMergeRule
{
    public int Rank(int left, int right, ReadOnlySpan<byte> both, out int merged) => table.Find(left, right, out merged);
}
