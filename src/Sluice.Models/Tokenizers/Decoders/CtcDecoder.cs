using System.Text;

namespace Sluice.Models.Tokenizers.Decoders;

/// <summary>Connectionist temporal classification: repeats of a token count once, padding not at all.</summary>
internal sealed class CtcDecoder(string pad, string wordDelimiter, bool clean) : IDecoder
{
    public bool IsPerToken => false;

    public IDecodeStage Open(IDecodeStage next, bool continuing) => new Stage(pad, wordDelimiter, clean, next);

    private sealed class Stage(string pad, string wordDelimiter, bool clean, IDecodeStage next) : IDecodeStage
    {
        private string? _last;

        public void Push(ReadOnlySpan<byte> token, bool verbatim)
        {
            string text = Encoding.UTF8.GetString(token);
            if (text == _last)
                return;
            _last = text;
            if (pad.Length > 0)
                text = text.Replace(pad, "", StringComparison.Ordinal);
            if (clean)
            {
                text = WordPieceDecoder.Clean(text);
                if (wordDelimiter.Length > 0)
                    text = text.Replace(wordDelimiter, " ", StringComparison.Ordinal);
            }
            next.Push(Encoding.UTF8.GetBytes(text), verbatim);
        }

        public void End() => next.End();
    }
}
