namespace Sluice.Models.Tokenizers.Decoders;

/// <summary>Reads tokens as spelled in <see cref="ByteAlphabet"/>; one that is not stands for itself.</summary>
internal sealed class ByteLevelDecoder : IDecoder
{
    public IDecodeStage Open(IDecodeStage next, bool continuing) => new Stage(next);

    private sealed class Stage(IDecodeStage next) : IDecodeStage
    {
        private byte[] _bytes = new byte[64];

        public void Push(ReadOnlySpan<byte> token, bool verbatim)
        {
            if (token.Length > _bytes.Length)
                _bytes = new byte[token.Length];
            if (!verbatim && ByteAlphabet.TryDecode(token, _bytes, out int written))
                next.Push(_bytes.AsSpan(0, written), verbatim);
            else
                next.Push(token, verbatim);
        }

        public void End() => next.End();
    }
}
