using System.Runtime.InteropServices;
using System.Text;
using Sluice.Models.Tokenizers;

namespace Sluice.Engine.Constraints;

/// <summary>
/// Lets a model think for so many tokens; then their end is forced and the answer begins. Thoughts are what stands between two tags at the
/// beginning of an answer. Immutable.
/// </summary>
public sealed class ThoughtGrammar : ITokenGrammar
{
    private readonly ITokenizer _tokenizer;
    private readonly byte[] _start;
    private readonly byte[] _end;
    private readonly int[] _endTokens;
    private readonly bool _open;
    private readonly int _budget;
    private readonly ITokenGrammar? _then;

    /// <param name="start">The tag that thoughts begin with.</param>
    /// <param name="end">The tag that ends them, and is forced.</param>
    /// <param name="open">Whether the prompt has begun them already; otherwise they may begin the answer.</param>
    /// <param name="budget">Most tokens of thoughts, the end not counted; null for as many as the model likes.</param>
    /// <param name="then">What the answer behind them may say; null for anything.</param>
    public ThoughtGrammar(ITokenizer tokenizer, string start, string end, bool open, int? budget, ITokenGrammar? then)
    {
        (_tokenizer, _open, _budget, _then) = (tokenizer, open, budget ?? int.MaxValue, then);
        (_start, _end) = (Encoding.UTF8.GetBytes(start), Encoding.UTF8.GetBytes(end));
        var ids = new List<int>();
        tokenizer.Encode(end, EncodeOptions.Rendered, ids);
        _endTokens = [.. ids];
    }

    public ITokenConstraint Start() => new Constraint(this, _then?.Start());

    private enum Stage : byte
    {
        /// <summary>Nothing but white space and a part of the starting tag came.</summary>
        Before,

        Thinking,

        /// <summary>The end is being forced.</summary>
        Ending,

        Answering,
    }

    private sealed class Constraint : ITokenConstraint
    {
        private readonly ThoughtGrammar _grammar;
        private readonly ITokenConstraint? _then;
        private readonly List<byte> _text = []; // what may still become a tag
        private Stage _stage;
        private int _count; // tokens of thoughts, or of the forced end

        public Constraint(ThoughtGrammar grammar, ITokenConstraint? then)
        {
            (_grammar, _then) = (grammar, then);
            // A grammar for the answer leaves no room for tags that the prompt did not open.
            _stage = grammar._open ? Stage.Thinking : then is null ? Stage.Before : Stage.Answering;
            EndIfSpent();
        }

        public bool IsFinished => _stage == Stage.Answering && _then?.IsFinished == true;

        public bool Mask(Span<float> logits)
        {
            if (_stage == Stage.Answering)
                return _then?.Mask(logits) != false;
            if (_stage != Stage.Ending)
                return true;
            int token = _grammar._endTokens[_count];
            float logit = logits[token];
            logits.Fill(float.NegativeInfinity);
            logits[token] = float.IsFinite(logit) ? logit : 0;
            return true;
        }

        public bool TryAccept(int token)
        {
            switch (_stage)
            {
                case Stage.Answering:
                    return _then?.TryAccept(token) != false;
                case Stage.Ending when token != _grammar._endTokens[_count]:
                    return false;
                case Stage.Ending:
                    _stage = ++_count == _grammar._endTokens.Length ? Stage.Answering : Stage.Ending;
                    return true;
                default:
                    Read(token);
                    return true;
            }
        }

        public int Forced(Span<int> tokens)
        {
            if (_stage == Stage.Answering)
                return _then?.Forced(tokens) ?? 0;
            if (_stage != Stage.Ending)
                return 0;
            var rest = _grammar._endTokens.AsSpan(_count);
            int count = Math.Min(rest.Length, tokens.Length);
            rest[..count].CopyTo(tokens);
            return count;
        }

        private void Read(int token)
        {
            foreach (byte b in _grammar._tokenizer.Bytes(token))
                _text.Add(b);
            var text = CollectionsMarshal.AsSpan(_text);
            if (_stage == Stage.Before)
            {
                var said = text.TrimStart(" \t\r\n"u8);
                if (said.StartsWith(_grammar._start))
                {
                    _text.RemoveRange(0, text.Length - said.Length + _grammar._start.Length);
                    _stage = Stage.Thinking;
                    EndIfSpent();
                }
                else if (!_grammar._start.AsSpan().StartsWith(said))
                {
                    _stage = Stage.Answering;
                }
                return;
            }
            if (text.IndexOf(_grammar._end) >= 0)
            {
                _stage = Stage.Answering;
                return;
            }
            // The end may lie across tokens.
            _text.RemoveRange(0, Math.Max(0, text.Length - _grammar._end.Length + 1));
            _count++;
            EndIfSpent();
        }

        private void EndIfSpent()
        {
            if (_stage == Stage.Thinking && _count >= _grammar._budget)
                (_stage, _count) = (Stage.Ending, 0);
        }
    }
}
