using System.Buffers;
using Sluice.Models.Tokenizers.Normalizers;

namespace Sluice.Models.Tokenizers.PreTokenizers;

/// <summary>Spells spaces with a mark, puts a mark before the text, and cuts before every mark.</summary>
internal sealed class MetaspacePreTokenizer(byte[] mark, MetaspacePrefix prefix, bool cut) : IPreTokenizer
{
    private readonly ReplaceNormalizer _spell = new(" "u8.ToArray(), mark);

    public void Split(ReadOnlySpan<byte> text, in PieceFlow next)
    {
        var buffer = next.Scratch.Take();
        bool marked = text[0] == ' ' || text.StartsWith(mark);
        if (!marked && (prefix == MetaspacePrefix.Always || (prefix == MetaspacePrefix.First && next.OpensText)))
            buffer.Write(mark);
        _spell.Normalize(text, buffer, next.Scratch);
        var rest = buffer.WrittenSpan;
        for (bool first = true; cut && !rest.IsEmpty; first = false)
        {
            int at = rest[1..].IndexOf(mark) + 1;
            if (at == 0)
                break;
            next.Emit(rest[..at], first);
            rest = rest[at..];
        }
        next.Emit(rest, first: rest.Length == buffer.WrittenCount);
        next.Scratch.Release();
    }
}
