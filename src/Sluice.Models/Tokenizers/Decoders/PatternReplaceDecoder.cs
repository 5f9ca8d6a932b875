using System.Buffers;
using Sluice.Models.Tokenizers.Normalizers;
using Sluice.Models.Tokenizers.Patterns;

namespace Sluice.Models.Tokenizers.Decoders;

/// <summary>Replaces what a pattern matches: in every token, or where tokens are fused, in the whole text, which then comes at its end.</summary>
internal sealed class PatternReplaceDecoder(Pattern pattern, byte[] replacement, bool joined) : IDecoder
{
    private readonly PatternNormalizer _replace = new(pattern, replacement);

    public bool IsPerToken => !joined;

    public IDecodeStage Open(IDecodeStage next, bool continuing) => new Stage(_replace, joined, next);

    private sealed class Stage(PatternNormalizer replace, bool joined, IDecodeStage next) : IDecodeStage
    {
        private readonly ArrayBufferWriter<byte> _text = new(64);
        private readonly EncodeScratch _scratch = new();

        public void Push(ReadOnlySpan<byte> token, bool verbatim)
        {
            if (joined)
                _text.Write(token);
            else if (verbatim)
                next.Push(token, verbatim);
            else
                Replace(token);
        }

        public void End()
        {
            if (joined)
                Replace(_text.WrittenSpan);
            _text.ResetWrittenCount();
            next.End();
        }

        private void Replace(ReadOnlySpan<byte> text)
        {
            var target = new ArrayBufferWriter<byte>(text.Length + 16);
            replace.Normalize(text, target, _scratch);
            next.Push(target.WrittenSpan, verbatim: false);
        }
    }
}
