namespace Sluice.Models.Tokenizers.Decoders;

/// <summary>Puts a space between tokens: what is done for a tokenizer that names no decoder.</summary>
internal sealed class JoinDecoder : IDecoder
{
    public IDecodeStage Open(IDecodeStage next, bool continuing) => new Stage(next, continuing);

    private sealed class Stage(IDecodeStage next, bool continuing) : IDecodeStage
    {
        private bool _started = continuing;

        public void Push(ReadOnlySpan<byte> token, bool verbatim)
        {
            if (_started)
                next.Push(" "u8, verbatim);
            _started = true;
            next.Push(token, verbatim);
        }

        public void End() => next.End();
    }
}
