using System.Runtime.InteropServices;

namespace Sluice.Models.Tokenizers.Decoders;

/// <summary>
/// Takes out the spaces that cutting words at punctuation brought in: before ?!., and around and before apostrophes. Three passes, each over what
/// the one before left, as llama.cpp does it for WordPiece. Holds back what may still be the beginning of such a place.
/// </summary>
internal sealed class SpaceCleaner : IDecoder
{
    public bool IsPerToken => false;

    public IDecodeStage Open(IDecodeStage next, bool continuing) =>
        new Stage(BeforePunctuation, new Stage(AroundApostrophe, new Stage(BeforeContraction, next)));

    /// <summary>What the bytes held back turn out to be.</summary>
    private enum Verdict
    {
        Open,

        /// <summary>Nothing begins at the first of them.</summary>
        Plain,

        /// <summary>A place to be cleaned: the space at its start goes.</summary>
        Space,

        /// <summary>The same, and the space at its end goes as well.</summary>
        BothSpaces,
    }

    private static Verdict BeforePunctuation(ReadOnlySpan<byte> held) => held switch
    {
        [not (byte)' ', ..] => Verdict.Plain,
        [_] => Verdict.Open,
        [_, (byte)'?' or (byte)'!' or (byte)'.' or (byte)','] => Verdict.Space,
        _ => Verdict.Plain,
    };

    private static Verdict AroundApostrophe(ReadOnlySpan<byte> held) => held switch
    {
        [(byte)' '] or [(byte)' ', (byte)'\''] => Verdict.Open,
        [(byte)' ', (byte)'\'', (byte)' '] => Verdict.BothSpaces,
        _ => Verdict.Plain,
    };

    private static Verdict BeforeContraction(ReadOnlySpan<byte> held) => held switch
    {
        [(byte)' '] or [(byte)' ', (byte)'\''] or [(byte)' ', (byte)'\'', (byte)'r' or (byte)'v'] => Verdict.Open,
        [(byte)' ', (byte)'\'', (byte)'s' or (byte)'m'] or [(byte)' ', (byte)'\'', (byte)'r' or (byte)'v', (byte)'e'] => Verdict.Space,
        _ => Verdict.Plain,
    };

    private delegate Verdict Judge(ReadOnlySpan<byte> held);

    private sealed class Stage(Judge judge, IDecodeStage next) : IDecodeStage
    {
        private readonly List<byte> _held = [];

        public void Push(ReadOnlySpan<byte> token, bool verbatim)
        {
            foreach (byte value in token)
            {
                _held.Add(value);
                Settle();
            }
        }

        public void End()
        {
            Release(0, _held.Count);
            next.End();
        }

        private void Settle()
        {
            while (_held.Count > 0)
            {
                switch (judge(CollectionsMarshal.AsSpan(_held)))
                {
                    case Verdict.Open:
                        return;
                    case Verdict.Plain:
                        Release(0, 1);
                        break;
                    case Verdict.Space:
                        Release(1, _held.Count);
                        break;
                    case Verdict.BothSpaces:
                        _held.RemoveAt(_held.Count - 1);
                        Release(1, _held.Count);
                        break;
                }
            }
        }

        /// <summary>Passes on a range of what is held and forgets it and what is before.</summary>
        private void Release(int from, int to)
        {
            next.Push(CollectionsMarshal.AsSpan(_held)[from..to], verbatim: false);
            _held.RemoveRange(0, to);
        }
    }
}
