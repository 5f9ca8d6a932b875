namespace Sluice.Models.Tokenizers.Patterns;

/// <summary>Turns a parsed pattern into steps for <see cref="PatternMatcher"/>.</summary>
internal sealed class PatternCompiler
{
    private const int StepLimit = 20_000;
    private const int BehindLimit = 16;

    private readonly string _text;
    private PatternStep[] _steps = new PatternStep[32];
    private int _count;
    private int _marks;
    private int _registers;

    private PatternCompiler(string text) => _text = text;

    public static Pattern Compile(string text)
    {
        var root = PatternParser.Parse(text);
        var compiler = new PatternCompiler(text);
        var options = root is PatternNode.Choice { Options.Count: <= Pattern.OptionLimit } choice ? choice.Options : [root];
        var entries = new int[options.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = compiler._count;
            compiler.Emit(options[i]);
            compiler.Add(new PatternStep(PatternOp.Accept));
        }
        compiler.KeepFinalStars();
        return new Pattern(text, compiler._steps[..compiler._count], entries, [.. options.Select(FirstBytes.Of)], compiler._marks, compiler._registers);
    }

    private void Emit(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.One one:
                Add(new PatternStep(PatternOp.One, Set: one.Set));
                break;
            case PatternNode.Sequence sequence:
                foreach (var part in sequence.Parts)
                    Emit(part);
                break;
            case PatternNode.Choice choice:
                EmitChoice(choice.Options.Select(option => (Action)(() => Emit(option))).ToList());
                break;
            case PatternNode.Repeat repeat:
                EmitRepeat(repeat);
                break;
            case PatternNode.Look { Behind: false } look:
                EmitLookAhead(look);
                break;
            case PatternNode.Look look:
                EmitLookBehind(look);
                break;
            case PatternNode.At at:
                Add(new PatternStep(PatternOp.At, (int)at.Place));
                break;
        }
    }

    private void EmitChoice(List<Action> options)
    {
        var jumps = new List<int>();
        for (int i = 0; i < options.Count; i++)
        {
            bool last = i == options.Count - 1;
            int split = last ? -1 : AddSplit();
            options[i]();
            if (last)
                break;
            jumps.Add(Add(new PatternStep(PatternOp.Jump)));
            _steps[split] = _steps[split] with { A = split + 1, B = _count };
        }
        foreach (int jump in jumps)
            _steps[jump] = _steps[jump] with { A = _count };
    }

    private void EmitRepeat(PatternNode.Repeat repeat)
    {
        for (int i = 0; i < repeat.Least; i++)
            Emit(repeat.Body);
        var set = (repeat.Body as PatternNode.One)?.Set;
        if (repeat.Most == -1 && set is not null && repeat.Greed != PatternGreed.Lazy)
            Add(new PatternStep(repeat.Greed == PatternGreed.Greedy ? PatternOp.Star : PatternOp.StarPossessive, Set: set, Mark: _marks++));
        else if (repeat.Most == -1)
            EmitLoop(repeat);
        else if (repeat.Greed == PatternGreed.Possessive)
        {
            for (int i = repeat.Least; i < repeat.Most; i++)
                Add(new PatternStep(PatternOp.MaybePossessive, Set: set));
        }
        else
            EmitOptional(repeat);
    }

    private void EmitLoop(PatternNode.Repeat repeat)
    {
        bool guarded = repeat.Body.IsNullable;
        int register = guarded ? _registers++ : 0;
        int split = AddSplit();
        if (guarded)
            Add(new PatternStep(PatternOp.EnterTurn, register));
        Emit(repeat.Body);
        int leave = guarded ? Add(new PatternStep(PatternOp.LeaveTurn, register)) : -1;
        Add(new PatternStep(PatternOp.Jump, split));
        if (guarded)
            _steps[leave] = _steps[leave] with { B = _count };
        Aim(split, split + 1, _count, repeat.Greed);
    }

    private void EmitOptional(PatternNode.Repeat repeat)
    {
        var splits = new List<int>();
        for (int i = repeat.Least; i < repeat.Most; i++)
        {
            splits.Add(AddSplit());
            Emit(repeat.Body);
        }
        foreach (int split in splits)
            Aim(split, split + 1, _count, repeat.Greed);
    }

    private void Aim(int split, int body, int exit, PatternGreed greed) =>
        _steps[split] = greed == PatternGreed.Lazy ? _steps[split] with { A = exit, B = body } : _steps[split] with { A = body, B = exit };

    private void EmitLookAhead(PatternNode.Look look)
    {
        if (look.Body is PatternNode.One one)
        {
            Add(new PatternStep(look.Negative ? PatternOp.PeekNot : PatternOp.Peek, Set: one.Set));
            return;
        }
        int start = Add(new PatternStep(look.Negative ? PatternOp.LookNot : PatternOp.Look));
        Emit(look.Body);
        Add(new PatternStep(PatternOp.Accept));
        _steps[start] = _steps[start] with { A = _count };
    }

    private void EmitLookBehind(PatternNode.Look look)
    {
        var options = (look.Body is PatternNode.Choice choice ? choice.Options : [look.Body]).Select(BehindSets).ToList();
        if (look.Negative)
            options.ForEach(sets => Add(new PatternStep(PatternOp.BehindNot, Behind: sets)));
        else
            EmitChoice(options.Select(sets => (Action)(() => Add(new PatternStep(PatternOp.Behind, Behind: sets)))).ToList());
    }

    private RuneSet[] BehindSets(PatternNode body)
    {
        var sets = new List<RuneSet>();
        foreach (var part in body is PatternNode.Sequence sequence ? sequence.Parts : [body])
        {
            int count = part is PatternNode.Repeat repeat && repeat.Least == repeat.Most ? repeat.Least : 1;
            if ((part is PatternNode.Repeat { Body: var inner } ? inner : part) is not PatternNode.One one || sets.Count + count > BehindLimit
                || (part is PatternNode.Repeat && count != ((PatternNode.Repeat)part).Most))
                throw new PatternException(_text, 0, $"lookbehind is supported over at most {BehindLimit} character classes of fixed number");
            sets.AddRange(Enumerable.Repeat(one.Set, count));
        }
        return [.. sets];
    }

    /// <summary>A star right before the end of the pattern never has to give back.</summary>
    private void KeepFinalStars()
    {
        for (int i = 0; i + 1 < _count; i++)
            if (_steps[i].Op == PatternOp.Star && _steps[i + 1].Op == PatternOp.Accept)
                _steps[i] = _steps[i] with { Op = PatternOp.StarPossessive };
    }

    private int AddSplit() => Add(new PatternStep(PatternOp.Split, Mark: _marks++));

    private int Add(PatternStep step)
    {
        if (_count >= StepLimit)
            throw new PatternException(_text, 0, "its repeat counts make it too large");
        if (_count == _steps.Length)
            Array.Resize(ref _steps, _count * 2);
        _steps[_count] = step;
        return _count++;
    }
}
