namespace Sluice.Models.Tokenizers.Decoders;

/// <summary>Takes a character off the ends: of every token, or once tokens are fused, of the whole text.</summary>
/// <param name="start">How many at the start at most.</param>
/// <param name="stop">How many at the end at most.</param>
internal sealed class StripDecoder(byte[] character, int start, int stop, bool joined) : IDecoder
{
    public bool IsPerToken => !joined;

    public IDecodeStage Open(IDecodeStage next, bool continuing) =>
        joined ? new TextStage(character, continuing ? 0 : start, stop, next) : new TokenStage(character, start, stop, next);

    private static int Leading(ReadOnlySpan<byte> text, byte[] character, int most)
    {
        int count = 0;
        while (count < most && text[(count * character.Length)..].StartsWith(character))
            count++;
        return count;
    }

    private static int Trailing(ReadOnlySpan<byte> text, byte[] character, int most)
    {
        int count = 0;
        while (count < most && text[..^(count * character.Length)].EndsWith(character))
            count++;
        return count;
    }

    private sealed class TokenStage(byte[] character, int start, int stop, IDecodeStage next) : IDecodeStage
    {
        public void Push(ReadOnlySpan<byte> token, bool verbatim)
        {
            if (!verbatim)
            {
                token = token[(Leading(token, character, start) * character.Length)..];
                token = token[..^(Trailing(token, character, stop) * character.Length)];
            }
            next.Push(token, verbatim);
        }

        public void End() => next.End();
    }

    private sealed class TextStage(byte[] character, int start, int stop, IDecodeStage next) : IDecodeStage
    {
        private int _toStrip = start;
        private int _heldBack;

        public void Push(ReadOnlySpan<byte> token, bool verbatim)
        {
            if (token.IsEmpty)
                return;
            if (_toStrip > 0)
            {
                int leading = verbatim ? 0 : Leading(token, character, _toStrip);
                token = token[(leading * character.Length)..];
                // Only what comes before everything else is at the start.
                _toStrip = token.IsEmpty ? _toStrip - leading : 0;
            }
            int trailing = verbatim ? 0 : Trailing(token, character, stop);
            var body = token[..^(trailing * character.Length)];
            if (!body.IsEmpty)
            {
                Release(_heldBack);
                _heldBack = 0;
                next.Push(body, verbatim);
            }
            _heldBack += trailing;
            Release(_heldBack - stop);
            _heldBack = Math.Min(_heldBack, stop);
        }

        public void End()
        {
            _heldBack = 0;
            next.End();
        }

        private void Release(int count)
        {
            for (int i = 0; i < count; i++)
                next.Push(character, verbatim: false);
        }
    }
}
