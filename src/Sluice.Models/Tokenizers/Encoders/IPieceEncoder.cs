namespace Sluice.Models.Tokenizers.Encoders;

/// <summary>Turns a piece of text, as the pre-tokenizer cut it, into ids. Immutable; what a call needs to work in comes with it.</summary>
internal interface IPieceEncoder
{
    /// <summary>Most bytes of a piece that one id can stand for; int.MaxValue where the vocabulary sets no bound, as where unknown text is dropped.</summary>
    int MostBytesPerId => int.MaxValue;

    /// <summary>Appends the ids of <paramref name="piece"/> (UTF-8, never empty) to <paramref name="ids"/>.</summary>
    void Encode(ReadOnlySpan<byte> piece, EncodeScratch scratch, List<int> ids);
}
