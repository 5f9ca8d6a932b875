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

    /// <param name="Count">Tokens of thoughts, or of the forced end.</param>
    /// <param name="Bytes">Of the text so far that may have tags.</param>
    private readonly record struct State(Stage Stage, int Count, int Bytes);

    private sealed class Constraint : ITokenConstraint
    {
        private readonly ThoughtGrammar _grammar;
        private readonly ITokenConstraint? _then;
        private readonly List<byte> _text = [];
        private readonly List<State> _before = []; // one for each token accepted
        private State _state;

        public Constraint(ThoughtGrammar grammar, ITokenConstraint? then)
        {
            (_grammar, _then) = (grammar, then);
            // A grammar for the answer leaves no room for tags that the prompt did not open.
            _state = grammar._open ? Spent(new State(Stage.Thinking, 0, 0)) : new State(then is null ? Stage.Before : Stage.Answering, 0, 0);
        }

        public bool IsComplete => _state.Stage != Stage.Answering || _then?.IsComplete != false;

        public bool IsFinished => _state.Stage == Stage.Answering && _then?.IsFinished == true;

        public bool Mask(Span<float> logits)
        {
            if (_state.Stage == Stage.Answering)
                return _then?.Mask(logits) != false;
            if (_state.Stage != Stage.Ending)
                return true;
            int token = _grammar._endTokens[_state.Count];
            float logit = logits[token];
            logits.Fill(float.NegativeInfinity);
            logits[token] = float.IsFinite(logit) ? logit : 0;
            return true;
        }

        public bool TryAccept(int token)
        {
            var next = _state;
            switch (_state.Stage)
            {
                case Stage.Answering when _then?.TryAccept(token) == false:
                case Stage.Ending when token != _grammar._endTokens[_state.Count]:
                    return false;
                case Stage.Ending:
                    int count = _state.Count + 1;
                    next = count == _grammar._endTokens.Length ? Answering() : _state with { Count = count };
                    break;
                case Stage.Before or Stage.Thinking:
                    next = Read(token);
                    break;
            }
            _before.Add(_state);
            _state = next;
            return true;
        }

        public void RollBack(int tokens)
        {
            int answered = 0;
            for (int i = 0; i < tokens; i++)
            {
                _state = _before[^1];
                _before.RemoveAt(_before.Count - 1);
                answered += _state.Stage == Stage.Answering ? 1 : 0;
            }
            if (answered > 0)
                _then?.RollBack(answered);
            if (_text.Count > _state.Bytes)
                _text.RemoveRange(_state.Bytes, _text.Count - _state.Bytes);
        }

        public int Forced(Span<int> tokens)
        {
            if (_state.Stage == Stage.Answering)
                return _then?.Forced(tokens) ?? 0;
            if (_state.Stage != Stage.Ending)
                return 0;
            var rest = _grammar._endTokens.AsSpan(_state.Count);
            int count = Math.Min(rest.Length, tokens.Length);
            rest[..count].CopyTo(tokens);
            return count;
        }

        private State Read(int token)
        {
            foreach (byte b in _grammar._tokenizer.Bytes(token))
                _text.Add(b);
            var text = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_text);
            if (_state.Stage == Stage.Before)
            {
                var said = text.TrimStart(" \t\r\n"u8);
                if (said.StartsWith(_grammar._start))
                    return Spent(new State(Stage.Thinking, 0, _text.Count));
                return _grammar._start.AsSpan().StartsWith(said) ? _state with { Bytes = _text.Count } : Answering();
            }
            // The end may lie across tokens, but not before the last one that is its beginning.
            int from = Math.Max(0, _state.Bytes - _grammar._end.Length);
            if (text[from..].IndexOf(_grammar._end) >= 0)
                return Answering();
            return Spent(new State(Stage.Thinking, _state.Count + 1, _text.Count));
        }

        private State Spent(State thinking) =>
            thinking.Count < _grammar._budget ? thinking : thinking with { Stage = Stage.Ending, Count = 0 };

        private State Answering() => new(Stage.Answering, 0, _text.Count);
    }
}
