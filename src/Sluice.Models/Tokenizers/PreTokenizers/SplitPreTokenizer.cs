using Sluice.Models.Tokenizers.Patterns;

namespace Sluice.Models.Tokenizers.PreTokenizers;

/// <summary>Cuts text where a pattern matches. Most pre-tokenizers are this with a pattern of their own.</summary>
/// <param name="invert">Whether what does not match counts as the match.</param>
internal sealed class SplitPreTokenizer(Pattern pattern, SplitBehavior behavior, bool invert) : IPreTokenizer
{
    public void Split(ReadOnlySpan<byte> text, in PieceFlow next)
    {
        var matches = pattern.Matches(text);
        var pieces = new Pieces(behavior, invert);
        int done = 0;
        while (!next.Scratch.IsFull && matches.MoveNext(text, out int start, out int end))
        {
            if (start > done)
                pieces.Add(text, done, start, match: false, next);
            pieces.Add(text, start, end, match: true, next);
            done = end;
        }
        if (done < text.Length)
            pieces.Add(text, done, text.Length, match: false, next);
        pieces.Finish(text, next);
    }

    /// <summary>Joins matches and what lies between them as the behavior asks. Holds back one piece that may still grow.</summary>
    private struct Pieces(SplitBehavior behavior, bool invert)
    {
        private int _start = -1;
        private int _end;
        private bool _match;

        public void Add(ReadOnlySpan<byte> text, int start, int end, bool match, in PieceFlow next)
        {
            match ^= invert;
            bool joins = _start >= 0 && behavior switch
            {
                SplitBehavior.MergedWithPrevious => match && !_match,
                SplitBehavior.MergedWithNext => _match && !match,
                SplitBehavior.Contiguous => match == _match,
                _ => false,
            };
            if (joins)
                _end = end;
            else
            {
                Finish(text, next);
                (_start, _end) = (start, end);
            }
            _match = match;
        }

        public void Finish(ReadOnlySpan<byte> text, in PieceFlow next)
        {
            if (_start >= 0 && !(_match && behavior == SplitBehavior.Removed))
                next.Emit(text[_start.._end], _start == 0);
            _start = -1;
        }
    }
}
