namespace Sluice.Models.Tokenizers.PreTokenizers;

/// <summary>Spells every byte in <see cref="ByteAlphabet"/>, for stages and vocabularies that look at the spelling.</summary>
internal sealed class ByteLevelPreTokenizer : IPreTokenizer
{
    public void Split(ReadOnlySpan<byte> text, in PieceFlow next)
    {
        var buffer = next.Scratch.Take();
        buffer.Advance(ByteAlphabet.Encode(text, buffer.GetSpan(text.Length * 2)));
        next.Emit(buffer.WrittenSpan, first: true);
        next.Scratch.Release();
    }
}
