namespace Sluice.Models.Tokenizers.Decoders;

/// <summary>
/// Reads &lt;0xNN&gt; as the byte it names. Bytes that do not join to characters come out as U+FFFD one by one as they are found to be wrong, not
/// all bytes of the run as in Hugging Face's: a stream cannot wait for the run to end.
/// </summary>
internal sealed class ByteFallbackDecoder : IDecoder
{
    public IDecodeStage Open(IDecodeStage next, bool continuing) => new Stage(next);

    private sealed class Stage(IDecodeStage next) : IDecodeStage
    {
        public void Push(ReadOnlySpan<byte> token, bool verbatim)
        {
            if (!verbatim && ByteToken.TryParse(token, out byte value))
                next.Push([value], verbatim);
            else
                next.Push(token, verbatim);
        }

        public void End() => next.End();
    }
}
