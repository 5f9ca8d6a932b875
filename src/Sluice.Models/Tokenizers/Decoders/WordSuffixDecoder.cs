using System.Text;

namespace Sluice.Models.Tokenizers.Decoders;

/// <summary>Reads the mark at the end of a word as a space, but for the last token of the text, which is held back until it is known not to be the last.</summary>
internal sealed class WordSuffixDecoder(string suffix) : IDecoder
{
    public IDecodeStage Open(IDecodeStage next, bool continuing) => new Stage(suffix, next);

    private sealed class Stage(string suffix, IDecodeStage next) : IDecodeStage
    {
        private string? _held;

        public void Push(ReadOnlySpan<byte> token, bool verbatim)
        {
            Release(" ");
            _held = Encoding.UTF8.GetString(token);
            if (_held.Contains(suffix, StringComparison.Ordinal))
                return;
            // Nothing in it depends on what comes.
            Release("");
        }

        public void End()
        {
            Release("");
            next.End();
        }

        private void Release(string replacement)
        {
            if (_held is not null)
                next.Push(Encoding.UTF8.GetBytes(_held.Replace(suffix, replacement, StringComparison.Ordinal)), verbatim: false);
            _held = null;
        }
    }
}
