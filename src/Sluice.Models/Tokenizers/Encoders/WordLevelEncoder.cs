namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>One token for every piece.</summary>
/// <param name="unknown">The token of a piece that is none; null drops it.</param>
internal sealed class WordLevelEncoder(Vocabulary vocabulary, int? unknown) : IPieceEncoder
{
    public void Encode(ReadOnlySpan<byte> piece, EncodeScratch scratch, List<int> ids)
    {
        if ((vocabulary.Find(piece) is var id and >= 0 ? id : unknown) is { } found)
            ids.Add(found);
    }
}
