using System.Buffers;

namespace Sluice.Models.Tokenizers.Decoders;

/// <summary>Reads marks as spaces; those of the first token are what encoding put before the text.</summary>
/// <param name="prefixed">Whether encoding puts a mark before a text.</param>
internal sealed class MetaspaceDecoder(byte[] mark, bool prefixed) : IDecoder
{
    public IDecodeStage Open(IDecodeStage next, bool continuing) => new Stage(mark, prefixed && !continuing, next);

    private sealed class Stage(byte[] mark, bool dropFirst, IDecodeStage next) : IDecodeStage
    {
        private readonly ArrayBufferWriter<byte> _text = new(32);
        private bool _drop = dropFirst;

        public void Push(ReadOnlySpan<byte> token, bool verbatim)
        {
            if (verbatim)
                _text.Write(token);
            else
            {
                for (int at; (at = token.IndexOf(mark)) >= 0; token = token[(at + mark.Length)..])
                {
                    _text.Write(token[..at]);
                    if (!_drop)
                        _text.Write(" "u8);
                }
                _text.Write(token);
            }
            _drop = false;
            next.Push(_text.WrittenSpan, verbatim);
            _text.ResetWrittenCount();
        }

        public void End() => next.End();
    }
}
