using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Automata;

/// <summary>
/// Reads bytes along a grammar's nodes, all ways at once. Positions and stacks are remembered, up to a number, so that equal ones are one
/// object. Not thread-safe: its vocabulary's lock guards it.
/// </summary>
internal sealed class PushdownAutomaton
{
    private const int MaxRemembered = 8_000;
    private const int MaxReadings = 2_000;
    private const int MaxDepth = 500;

    private readonly Dictionary<(Node Node, Frame? Below), Frame> _frames = [];
    private readonly Dictionary<PositionKey, Position> _positions = [];
    private readonly Dictionary<(Edge Edge, int Tag, Frame? Stack), Position?> _behind = [];
    private readonly List<Reading> _readings = [];
    private readonly HashSet<Reading> _seen = [];
    private readonly HashSet<(Node Node, Frame? Stack)> _visited = [];
    private readonly Stack<(Node Node, Frame? Stack)> _todo = [];
    private bool _complete;

    public PushdownAutomaton(Node root)
    {
        Begin();
        Visit(root, null);
        Start = Finish() ?? new Position([], complete: false);
    }

    public Position Start { get; }

    /// <summary>The position behind a byte, or null.</summary>
    public Position? Step(Position position, byte value)
    {
        if (position.Readings is [var only])
        {
            // In the middle of most texts a byte changes nothing.
            var lexeme = only.Edge.Lexeme!;
            int next = lexeme.Next(only.State, value);
            if (next < 0)
                return null;
            if (next == only.State && !position.Complete && lexeme.Tag(next) == CharDfa.Rejects)
                return position;
        }
        if (position.Next is { } known && known.TryGetValue(value, out var found))
            return found;
        found = Work(position, value);
        (position.Next ??= [])[value] = found;
        return found;
    }

    /// <summary>The byte that must come; -1 where there is a choice or the text may end.</summary>
    public static int OnlyByte(Position position)
    {
        if (position.Complete)
            return -1;
        var following = default(ByteSet);
        foreach (var reading in position.Readings)
            following.Add(reading.Edge.Lexeme!.Following(reading.State));
        return following.Count == 1 ? following.First : -1;
    }

    /// <summary>The position behind an edge's lexeme that accepted a tag, or null.</summary>
    public Position? Behind(Edge edge, int tag, Frame? stack)
    {
        if (_behind.TryGetValue((edge, tag, stack), out var known))
            return known;
        if (_behind.Count >= MaxRemembered)
            _behind.Clear();
        Begin();
        if (edge.Then(tag) is { } then)
            Visit(then, stack);
        return _behind[(edge, tag, stack)] = Finish();
    }

    private Position? Work(Position position, byte value)
    {
        Begin();
        foreach (var reading in position.Readings)
        {
            var lexeme = reading.Edge.Lexeme!;
            int next = lexeme.Next(reading.State, value);
            if (next >= 0)
                Arrive(reading with { State = next });
        }
        return Finish();
    }

    private void Begin()
    {
        _readings.Clear();
        _seen.Clear();
        _visited.Clear();
        _complete = false;
    }

    private Position? Finish()
    {
        if (_readings.Count == 0 && !_complete)
            return null;
        var key = new PositionKey([.. _readings], _complete);
        if (_positions.TryGetValue(key, out var known))
            return known;
        if (_positions.Count >= MaxRemembered)
            Forget();
        var position = new Position(key.Readings, _complete);
        _positions.Add(key, position);
        return position;
    }

    /// <summary>Sequences keep the positions they stand at; all that was worked out about any is let go.</summary>
    private void Forget()
    {
        foreach (var position in _positions.Values)
            position.Next = null;
        _positions.Clear();
        _behind.Clear();
        _frames.Clear();
    }

    private void Arrive(Reading reading)
    {
        var lexeme = reading.Edge.Lexeme!;
        if (!_seen.Add(reading))
            return;
        if (lexeme.CanContinue(reading.State))
        {
            if (_readings.Count == MaxReadings)
                throw new GrammarException($"the grammar can be understood in more than {MaxReadings} ways here: make it less ambiguous");
            _readings.Add(reading);
        }
        int tag = lexeme.Tag(reading.State);
        if (tag != CharDfa.Rejects && reading.Edge.Then(tag) is { } then)
            Visit(then, reading.Stack);
    }

    /// <summary>Goes from a node over everything that takes no byte.</summary>
    private void Visit(Node from, Frame? stack)
    {
        int bottom = _todo.Count;
        _todo.Push((from, stack));
        while (_todo.Count > bottom)
        {
            var (node, below) = _todo.Pop();
            if (!_visited.Add((node, below)))
                continue;
            if (node == Node.Return)
            {
                if (below is null)
                    _complete = true;
                else
                    _todo.Push((below.Node, below.Below));
                continue;
            }
            foreach (var edge in node.Edges)
            {
                if (edge.Lexeme is not null)
                    Arrive(new Reading(edge, Lexeme.Start, below));
                else if (edge.Callee is null)
                    _todo.Push((edge.Then(0)!, below));
                else if (edge.Then(0) == Node.Return)
                    _todo.Push((edge.Callee, below));
                else if (Push(edge.Then(0)!, below) is { } pushed)
                    _todo.Push((edge.Callee, pushed));
            }
        }
    }

    /// <summary>A stack with one more to come back to; null where that would be too deep, which is not gone into.</summary>
    private Frame? Push(Node node, Frame? below)
    {
        if (below?.Depth >= MaxDepth)
            return null;
        if (_frames.TryGetValue((node, below), out var known))
            return known;
        if (_frames.Count >= 10 * MaxRemembered)
            _frames.Clear();
        return _frames[(node, below)] = new Frame(node, below);
    }

    private readonly struct PositionKey(Reading[] readings, bool complete) : IEquatable<PositionKey>
    {
        public Reading[] Readings { get; } = readings;

        private readonly bool _complete = complete;

        public bool Equals(PositionKey other) => _complete == other._complete && Readings.AsSpan().SequenceEqual(other.Readings);

        public override bool Equals(object? obj) => obj is PositionKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(_complete);
            foreach (var reading in Readings)
                hash.Add(reading);
            return hash.ToHashCode();
        }
    }
}
