using System.Buffers;

namespace Sluice.Models.Tokenizers.PreTokenizers;

/// <summary>Puts a space before every piece that has none.</summary>
internal sealed class PrefixSpacePreTokenizer : IPreTokenizer
{
    public void Split(ReadOnlySpan<byte> text, in PieceFlow next)
    {
        if (text[0] == ' ')
        {
            next.Emit(text, first: true);
            return;
        }
        var buffer = next.Scratch.Take();
        buffer.Write(" "u8);
        buffer.Write(text);
        next.Emit(buffer.WrittenSpan, first: true);
        next.Scratch.Release();
    }
}
