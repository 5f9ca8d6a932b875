using System.Runtime.InteropServices;
using Sluice.Models.Grammars.Chars;

namespace Sluice.Models.Grammars.Automata;

/// <summary>
/// A regular stretch of text, byte by byte: an automaton over code points read through UTF-8 or a JSON string. Its states come into being
/// when they are first asked for. From every state some bytes lead to acceptance. Not thread-safe: its vocabulary's lock guards it.
/// </summary>
internal sealed class Lexeme
{
    /// <summary>The state before the first byte.</summary>
    public const int Start = 0;

    private const int Unknown = -2;
    private const int Dead = -1;

    private static readonly CharMask[] NoneFree = new CharMask[FreeRuns.None + 1];

    private readonly CharDfa _chars;
    private readonly TextForm _form;
    private readonly List<LexemePlace> _places = [];
    private readonly List<ByteSet?> _following = [];
    private readonly Dictionary<LexemePlace, int> _numbers = [];
    private readonly Dictionary<int, int> _steady = [];
    private readonly FreeRuns _runs;
    private LexemeState[] _states = new LexemeState[16];

    public Lexeme(CharDfa chars, TextForm form)
    {
        _chars = chars;
        _form = form;
        _runs = new FreeRuns(chars, silent: form == TextForm.Plain);
        Number(new LexemePlace(form == TextForm.Plain ? LexemePlaceKind.Between : LexemePlaceKind.Open, 0));
    }

    /// <summary>The state that a byte leads to, or -1.</summary>
    public int Next(int state, byte value)
    {
        int next = _states[state].Next[value];
        if (next != Unknown)
            return next;
        next = Find(_places[state], value);
        _states[state].Next[value] = next;
        return next;
    }

    /// <summary>What is accepted here, or <see cref="CharDfa.Rejects"/>.</summary>
    public int Tag(int state) => _states[state].Tag;

    /// <summary>Whether any byte leads on.</summary>
    public bool CanContinue(int state) => _states[state].CanContinue;

    /// <summary>
    /// The characters that may come from a state on, by how many: texts of so many of them, and nothing else, stay inside and are accepted
    /// nowhere. There may be others. See <see cref="FreeRuns.From"/>.
    /// </summary>
    public CharMask[] Free(int state) => _states[state].Free ?? FindFree(state);

    private CharMask[] FindFree(int state)
    {
        var free = NoneFree;
        if (_places[state].Kind == LexemePlaceKind.Between)
        {
            var written = _form switch
            {
                TextForm.Plain => CharMask.All,
                TextForm.JsonString => CharMask.Unescaped,
                _ => CharMask.Unescaped.Without('<'),
            };
            free = [.. _runs.From(_places[state].State).Select(run => run & written)];
        }
        _states[state] = _states[state] with { Free = free };
        return free;
    }

    /// <summary>
    /// A state from which so many code points do the same as from this one, in one of a great length often the same for most of its states.
    /// </summary>
    public int Alike(int state, int steps)
    {
        var place = _places[state];
        if (place.Kind is LexemePlaceKind.Open or LexemePlaceKind.Closed || _chars.Steady(place.State) <= steps)
            return state;
        _steady.TryAdd(_chars.Tag(place.State), place.State);
        return Number(place with { State = _steady[_chars.Tag(place.State)] });
    }

    /// <summary>The bytes that lead on.</summary>
    public ByteSet Following(int state)
    {
        if (_following[state] is { } known)
            return known;
        var set = default(ByteSet);
        for (int value = 0; value < 256; value++)
        {
            if (Next(state, (byte)value) >= 0)
                set.Add((byte)value);
        }
        _following[state] = set;
        return set;
    }

    private int Number(LexemePlace place)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, place, out bool known);
        if (known)
            return number;
        number = _places.Count;
        _places.Add(place);
        _following.Add(null);
        if (number == _states.Length)
            Array.Resize(ref _states, 2 * number);
        _states[number] = StateOf(place);
        return number;
    }

    private LexemeState StateOf(LexemePlace place)
    {
        var next = new int[256];
        next.AsSpan().Fill(Unknown);
        bool between = place.Kind == LexemePlaceKind.Between, plain = _form == TextForm.Plain;
        int tag = place.Kind == LexemePlaceKind.Closed ? place.State : between && plain ? _chars.Tag(place.State) : CharDfa.Rejects;
        bool goesOn = place.Kind != LexemePlaceKind.Closed && !(between && plain && _chars.Arcs(place.State).Length == 0);
        return new LexemeState(next, tag, goesOn, Free: null);
    }

    private int Between(int state) => state < 0 ? Dead : Number(new LexemePlace(LexemePlaceKind.Between, state));

    private int Find(LexemePlace place, byte value) => place.Kind switch
    {
        LexemePlaceKind.Open => value == '"' ? Between(0) : Dead,
        LexemePlaceKind.Between => _form == TextForm.Plain ? FirstByte(place.State, value) : InString(place.State, value),
        LexemePlaceKind.Utf8 => FurtherByte(place, value),
        LexemePlaceKind.Utf8Settled => (value & 0xC0) == 0x80 ? Settled(place) : Dead,
        LexemePlaceKind.Escape => Escape(place.State, value),
        LexemePlaceKind.Hex => Digit(value) is var digit and >= 0
            ? Hex(place.State, (place.Value << 4) | digit, place.Left - 1, place.High) : Dead,
        LexemePlaceKind.HexSettled => Digit(value) >= 0 ? Settled(place) : Dead,
        LexemePlaceKind.HalfPair => value == '\\' ? Number(place with { Kind = LexemePlaceKind.HalfPairEscape }) : Dead,
        LexemePlaceKind.HalfPairEscape => value == 'u' ? Hex(place.State, 0, 4, place.High) : Dead,
        _ => Dead,
    };

    private int Settled(LexemePlace place) => place.Left == 1 ? Between(place.State) : Number(place with { Left = place.Left - 1 });

    private int InString(int state, byte value) => value switch
    {
        (byte)'"' => _chars.Tag(state) is var tag and >= 0 ? Number(new LexemePlace(LexemePlaceKind.Closed, tag)) : Dead,
        (byte)'\\' => CanEscape(state) ? Number(new LexemePlace(LexemePlaceKind.Escape, state)) : Dead,
        < 0x20 => Dead,
        (byte)'<' when _form == TextForm.TaggedString => Dead,
        _ => FirstByte(state, value),
    };

    private int FirstByte(int state, byte value) => value switch
    {
        < 0x80 => Between(_chars.Next(state, value)),
        < 0xC2 => Dead,
        < 0xE0 => Utf8(state, value & 0x1F, 1),
        < 0xF0 => Utf8(state, value & 0x0F, 2),
        < 0xF5 => Utf8(state, value & 0x07, 3),
        _ => Dead,
    };

    private int FurtherByte(LexemePlace place, byte value)
    {
        if ((value & 0xC0) != 0x80)
            return Dead;
        int bits = (place.Value << 6) | (value & 0x3F);
        // Overlong: three bytes for what two can write, four for what three can.
        if ((place.Left == 3 && bits < 0x10) || (place is { Left: 2, Value: 0 } && bits < 0x20))
            return Dead;
        return Utf8(place.State, bits, place.Left - 1);
    }

    private int Utf8(int state, int value, int left)
    {
        if (left == 0)
            return Between(_chars.Next(state, value));
        int first = value << (6 * left), last = first | ((1 << (6 * left)) - 1);
        int least = value == 0 ? (left == 3 ? 0x10000 : 0x800) : first;
        int most = Math.Min(last, CharSets.LastRune);
        int target = least > most ? -1 : _chars.NextOfAll(state, least, most);
        if (target == -1)
            return Dead;
        return target >= 0 && least == first && most == last
            ? Number(new LexemePlace(LexemePlaceKind.Utf8Settled, target, 0, left))
            : Number(new LexemePlace(LexemePlaceKind.Utf8, state, value, left));
    }

    private int Escape(int state, byte value)
    {
        if (value == 'u')
            return Hex(state, 0, 4, 0);
        int rune = value switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' => value,
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => -1,
        };
        return rune < 0 ? Dead : Between(_chars.Next(state, rune));
    }

    private bool CanEscape(int state)
    {
        foreach (byte value in "\"\\/bfnrt"u8)
        {
            if (Escape(state, value) >= 0)
                return true;
        }
        return Hex(state, 0, 4, 0) >= 0;
    }

    /// <summary>Goes on to where the digits so far can still become a code point that leads on.</summary>
    private int Hex(int state, int value, int left, int high)
    {
        int first = value << (4 * left), last = first | ((1 << (4 * left)) - 1);
        if (high != 0)
            return LowHalf(state, value, left, high, Math.Max(first, 0xDC00), Math.Min(last, 0xDFFF));
        bool isHigh = first <= 0xDBFF && last >= 0xD800;
        if (left == 0 && !isHigh)
            return IsPlain(value) ? Dead : Between(_chars.Next(state, value));
        int target = first < 0x80 ? EscapedOf(state, first, last) : _chars.NextOfAll(state, first, last);
        if (target >= 0)
            return Number(new LexemePlace(LexemePlaceKind.HexSettled, target, 0, left));
        int least = Pair(Math.Max(first, 0xD800), 0xDC00), most = Pair(Math.Min(last, 0xDBFF), 0xDFFF);
        bool beyond = isHigh && _chars.NextOfAll(state, least, most) != -1;
        if (left == 0)
            return beyond ? Number(new LexemePlace(LexemePlaceKind.HalfPair, state, 0, 0, value)) : Dead;
        return beyond || target == CharDfa.Mixed ? Number(new LexemePlace(LexemePlaceKind.Hex, state, value, left)) : Dead;
    }

    /// <summary>
    /// Whether any code point of a range that begins in ASCII may be escaped and leads on: <see cref="CharDfa.Mixed"/> or -1.
    /// </summary>
    private int EscapedOf(int state, int first, int last)
    {
        for (int rune = first; rune <= Math.Min(last, 0x7F); rune++)
        {
            if (!IsPlain(rune) && _chars.Next(state, rune) >= 0)
                return CharDfa.Mixed;
        }
        return last >= 0x80 && _chars.NextOfAll(state, 0x80, last) != -1 ? CharDfa.Mixed : -1;
    }

    /// <summary>
    /// What nobody escapes: were it allowed, no property's name could ever be the only way on.
    /// </summary>
    private static bool IsPlain(int rune) => rune < 0x80 && (char.IsAsciiLetterOrDigit((char)rune) || rune is ' ' or '_' or '-' or '.');

    private int LowHalf(int state, int value, int left, int high, int first, int last)
    {
        if (first > last || _chars.NextOfAll(state, Pair(high, first), Pair(high, last)) == -1)
            return Dead;
        return left == 0
            ? Between(_chars.Next(state, Pair(high, value)))
            : Number(new LexemePlace(LexemePlaceKind.Hex, state, value, left, high));
    }

    private static int Pair(int high, int low) => 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);

    private static int Digit(byte value) => value switch
    {
        >= (byte)'0' and <= (byte)'9' => value - '0',
        >= (byte)'a' and <= (byte)'f' => value - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => value - 'A' + 10,
        _ => -1,
    };
}
