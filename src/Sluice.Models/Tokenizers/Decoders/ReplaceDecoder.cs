using System.Buffers;

namespace Sluice.Models.Tokenizers.Decoders;

/// <summary>Replaces a fixed string, such as the word mark by a space.</summary>
/// <param name="joined">Whether tokens were fused before, so that the string may lie across two of them.</param>
internal sealed class ReplaceDecoder(byte[] old, byte[] replacement, bool joined) : IDecoder
{
    public IDecodeStage Open(IDecodeStage next, bool continuing) => new Stage(old, replacement, joined, next);

    private sealed class Stage(byte[] old, byte[] replacement, bool joined, IDecodeStage next) : IDecodeStage
    {
        private readonly ArrayBufferWriter<byte> _input = new(32);
        private readonly ArrayBufferWriter<byte> _output = new(32);

        public void Push(ReadOnlySpan<byte> token, bool verbatim)
        {
            if (verbatim)
            {
                End(passOn: false);
                next.Push(token, verbatim);
                return;
            }
            _input.Write(token);
            var rest = _input.WrittenSpan;
            for (int at; (at = rest.IndexOf(old)) >= 0; rest = rest[(at + old.Length)..])
            {
                _output.Write(rest[..at]);
                _output.Write(replacement);
            }
            int kept = joined ? Beginning(rest) : 0;
            _output.Write(rest[..^kept]);
            byte[] back = rest[^kept..].ToArray();
            _input.ResetWrittenCount();
            _input.Write(back);
            Emit();
        }

        public void End() => End(passOn: true);

        private void End(bool passOn)
        {
            _output.Write(_input.WrittenSpan);
            _input.ResetWrittenCount();
            if (_output.WrittenCount > 0)
                Emit();
            if (passOn)
                next.End();
        }

        private void Emit()
        {
            next.Push(_output.WrittenSpan, verbatim: false);
            _output.ResetWrittenCount();
        }

        /// <summary>Bytes at the end of <paramref name="text"/> that may be the beginning of the string.</summary>
        private int Beginning(ReadOnlySpan<byte> text)
        {
            for (int length = Math.Min(old.Length - 1, text.Length); length > 0; length--)
                if (old.AsSpan().StartsWith(text[^length..]))
                    return length;
            return 0;
        }
    }
}
