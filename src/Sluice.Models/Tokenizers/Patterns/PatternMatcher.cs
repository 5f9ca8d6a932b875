using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sluice.Models.Tokenizers.Patterns;

/// <summary>
/// Finds the matches of a <see cref="Pattern"/> in one text, in order: a backtracking search, leftmost alternative first. Whether the steps from a branch
/// at a position lead to a match depends on nothing else, so once the search has cost more than a few steps per byte, every branch that failed is
/// marked and not tried again: the whole text then costs at most its length times the size of the pattern, whatever the pattern.
/// Texts must be valid UTF-8. For one thread at a time.
/// </summary>
internal sealed class PatternMatcher(Pattern pattern)
{
    private const long FreeSteps = 4096;
    private const int FreeStepsPerByte = 64;
    private const int KeptFrames = 4096;

    private readonly PatternStep[] _steps = pattern.Steps;
    private readonly int[] _registers = new int[pattern.Registers];
    private readonly int[] _runStart = new int[pattern.Marks];
    private readonly int[] _runEnd = new int[pattern.Marks];
    private readonly List<long> _trail = [];
    private Frame[] _frames = new Frame[64];
    private int _depth;
    private long _budget;
    private ulong[]? _failed;
    private ulong[]? _held;

    /// <summary>What to try when the present way fails. Low below zero: one choice; otherwise a star that can give back down to Low.</summary>
    private record struct Frame(int Step, int Position, int Low, int Trail);

    /// <summary>Forgets the text before and makes ready for one of <paramref name="length"/> bytes.</summary>
    public void Begin(int length)
    {
        _budget = FreeSteps + (long)length * FreeStepsPerByte;
        _depth = 0;
        _trail.Clear();
    }

    /// <summary>Lets go of what only a hard search needed.</summary>
    public void Trim()
    {
        _failed = _held = null;
        if (_frames.Length > KeptFrames)
            _frames = new Frame[64];
    }

    /// <summary>The first match at or after <paramref name="from"/>.</summary>
    public bool Find(ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        for (start = from; start <= text.Length; start += start < text.Length ? RuneLength(text[start]) : 1)
        {
            int first = start == text.Length ? FirstBytes.End : Math.Min((int)text[start], FirstBytes.BeyondAscii);
            for (ulong options = pattern.OptionsByFirst[first]; options != 0; options &= options - 1)
            {
                end = Run(pattern.Entries[BitOperations.TrailingZeroCount(options)], text, start, ahead: false);
                if (end >= 0)
                    return true;
            }
        }
        end = -1;
        return false;
    }

    /// <summary>The end of the match of the steps from <paramref name="step"/> on, or -1.</summary>
    private int Run(int step, ReadOnlySpan<byte> text, int position, bool ahead)
    {
        int floor = _depth, trail = _trail.Count;
        while (true)
        {
            var at = _steps[step];
            bool alive = true;
            if (--_budget < 0 && _failed is null)
                StartMarking(text.Length);
            switch (at.Op)
            {
                case PatternOp.One:
                    alive = TryTake(at.Set!, text, ref position);
                    step++;
                    break;
                case PatternOp.StarPossessive:
                    position = SkipRun(at, text, position);
                    step++;
                    break;
                case PatternOp.Star when _failed is null:
                    int low = position;
                    position = Skip(at.Set!, text, position);
                    _budget -= (position - low) >> 3;
                    step++;
                    if (position > low)
                        Push(new Frame(step, position, low, _trail.Count));
                    break;
                case PatternOp.Star or PatternOp.Split when _failed is not null && !TryMark(at.Mark, position, text.Length, out bool held):
                    if (held)
                        return Succeed(floor, trail, position, ahead);
                    alive = false;
                    break;
                case PatternOp.Star:
                    Push(new Frame(step + 1, position, -1, _trail.Count));
                    alive = TryTake(at.Set!, text, ref position);
                    break;
                case PatternOp.MaybePossessive:
                    TryTake(at.Set!, text, ref position);
                    step++;
                    break;
                case PatternOp.Split:
                    Push(new Frame(at.B, position, -1, _trail.Count));
                    step = at.A;
                    break;
                case PatternOp.Jump:
                    step = at.A;
                    break;
                case PatternOp.Peek or PatternOp.PeekNot:
                    int beyond = position;
                    alive = TryTake(at.Set!, text, ref beyond) == (at.Op == PatternOp.Peek);
                    step++;
                    break;
                case PatternOp.Look or PatternOp.LookNot:
                    alive = Run(step + 1, text, position, ahead: true) >= 0 == (at.Op == PatternOp.Look);
                    step = at.A;
                    break;
                case PatternOp.Behind or PatternOp.BehindNot:
                    alive = IsBehind(at.Behind!, text, position) == (at.Op == PatternOp.Behind);
                    step++;
                    break;
                case PatternOp.At:
                    alive = IsAt((PatternPlace)at.A, text, position);
                    step++;
                    break;
                case PatternOp.EnterTurn:
                    Push(new Frame(~at.A, _registers[at.A], -1, _trail.Count));
                    _registers[at.A] = position;
                    step++;
                    break;
                case PatternOp.LeaveTurn:
                    step = _registers[at.A] == position ? at.B : step + 1;
                    break;
                default:
                    return Succeed(floor, trail, position, ahead);
            }
            if (!alive && !TryBacktrack(floor, text, ref step, ref position))
            {
                Shorten(trail);
                return -1;
            }
        }
    }

    private bool TryBacktrack(int floor, ReadOnlySpan<byte> text, ref int step, ref int position)
    {
        while (_depth > floor)
        {
            ref var frame = ref _frames[_depth - 1];
            Shorten(frame.Trail);
            if (frame.Step < 0)
            {
                _registers[~frame.Step] = frame.Position;
                _depth--;
                continue;
            }
            step = frame.Step;
            if (frame.Low < 0)
            {
                position = frame.Position;
                _depth--;
                return true;
            }
            do
                frame.Position--;
            while (frame.Position > frame.Low && (text[frame.Position] & 0xC0) == 0x80);
            position = frame.Position;
            if (position == frame.Low)
                _depth--;
            return true;
        }
        return false;
    }

    /// <summary>A way was found: what lay on it did not fail after all; inside a lookahead it is known to hold from now on.</summary>
    private int Succeed(int floor, int trail, int position, bool ahead)
    {
        _depth = floor;
        for (int i = trail; i < _trail.Count; i++)
        {
            var marks = ahead ? _held! : _failed!;
            marks[_trail[i] >> 6] ^= 1ul << (int)(_trail[i] & 63);
        }
        Shorten(trail);
        return position;
    }

    private void StartMarking(int length)
    {
        long words = ((long)(length + 1) * pattern.Marks + 63) >> 6;
        _failed = new ulong[words];
        _held = new ulong[words];
        Array.Clear(_runStart);
        Array.Clear(_runEnd);
    }

    /// <summary>Marks a branch as tried. False when it had been: it failed, or inside a lookahead is known to hold.</summary>
    private bool TryMark(int mark, int position, int length, out bool held)
    {
        long bit = mark * (long)(length + 1) + position;
        ref ulong word = ref _failed![bit >> 6];
        ulong flag = 1ul << (int)(bit & 63);
        held = (_held![bit >> 6] & flag) != 0;
        if ((word & flag) != 0)
            return false;
        word |= flag;
        _trail.Add(bit);
        return true;
    }

    private void Shorten(int trail)
    {
        if (_trail.Count > trail)
            _trail.RemoveRange(trail, _trail.Count - trail);
    }

    private void Push(Frame frame)
    {
        if (_depth == _frames.Length)
            Array.Resize(ref _frames, _depth * 2);
        _frames[_depth++] = frame;
    }

    /// <summary>As <see cref="Skip"/>; once marking is on, a run that was walked before is not walked again.</summary>
    private int SkipRun(PatternStep at, ReadOnlySpan<byte> text, int position)
    {
        if (_failed is not null && position >= _runStart[at.Mark] && position < _runEnd[at.Mark])
            return _runEnd[at.Mark];
        int end = Skip(at.Set!, text, position);
        _budget -= (end - position) >> 3;
        (_runStart[at.Mark], _runEnd[at.Mark]) = (position, end);
        return end;
    }

    private static int Skip(RuneSet set, ReadOnlySpan<byte> text, int position)
    {
        while (TryTake(set, text, ref position))
        {
        }
        return position;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryTake(RuneSet set, ReadOnlySpan<byte> text, ref int position)
    {
        if ((uint)position >= (uint)text.Length)
            return false;
        byte first = text[position];
        if (first < 0x80)
        {
            if (!set.ContainsAscii(first))
                return false;
            position++;
            return true;
        }
        return TryTakeWide(set, text, ref position);
    }

    private static bool TryTakeWide(RuneSet set, ReadOnlySpan<byte> text, ref int position)
    {
        Rune.DecodeFromUtf8(text[position..], out var rune, out int length);
        if (!set.Contains(rune.Value))
            return false;
        position += length;
        return true;
    }

    private static bool IsBehind(RuneSet[] sets, ReadOnlySpan<byte> text, int position)
    {
        for (int i = sets.Length - 1; i >= 0; i--)
        {
            if (!TryRuneBefore(text, position, out var rune))
                return false;
            if (!sets[i].Contains(rune.Value))
                return false;
            position -= rune.Utf8SequenceLength;
        }
        return true;
    }

    private static bool IsAt(PatternPlace place, ReadOnlySpan<byte> text, int position) => place switch
    {
        PatternPlace.TextStart => position == 0,
        PatternPlace.TextEnd => position == text.Length,
        PatternPlace.TextEndOrLastLineFeed => position == text.Length || (position == text.Length - 1 && text[position] == '\n'),
        PatternPlace.LineStart => position == 0 || (text[position - 1] == '\n' && position < text.Length),
        PatternPlace.LineEnd => position == text.Length || text[position] == '\n',
        PatternPlace.WordEdge => IsWordEdge(text, position),
        _ => !IsWordEdge(text, position),
    };

    private static bool IsWordEdge(ReadOnlySpan<byte> text, int position)
    {
        bool before = TryRuneBefore(text, position, out var left) && RuneClasses.Word.Contains(left.Value);
        bool after = Rune.DecodeFromUtf8(text[position..], out var right, out _) == System.Buffers.OperationStatus.Done
            && RuneClasses.Word.Contains(right.Value);
        return before != after;
    }

    private static bool TryRuneBefore(ReadOnlySpan<byte> text, int position, out Rune rune) =>
        Rune.DecodeLastFromUtf8(text[..position], out rune, out _) == System.Buffers.OperationStatus.Done;

    private static int RuneLength(byte first) => first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}
