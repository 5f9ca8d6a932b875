using Sluice.Models.Templates.Builtins;
using Sluice.Models.Templates.Statements;

namespace Sluice.Models.Templates.Values;

/// <summary>
/// The `loop` of a for. It reads one element ahead only when asked, so a condition or generator that looks at what the body set sees it
/// in the order of Python. Lives and dies in one rendering.
/// </summary>
/// <param name="length">Null where only reading to the end tells.</param>
/// <param name="depth">How many recursive calls stand around it.</param>
/// <param name="recursion">The for itself where it is recursive.</param>
/// <param name="scope">Where the for stands.</param>
internal sealed class LoopValue(IEnumerable<Value> elements, int? length, int depth, ForStatement? recursion, Scope? scope) : Value
{
    private IEnumerator<Value> _elements = elements.GetEnumerator();
    private int? _length = length;
    private int _index0 = -1;
    private Value? _previous;
    private Value? _current;
    private Value? _ahead;
    private Value[]? _changed;

    public override string TypeName => "LoopContext";

    public override bool IsCallable => true;

    public override int? Length => _length ??= ReadToEnd();

    // Python's loop is its own iterator; going over it within itself is beyond what a template needs.
    public override IEnumerable<Value>? Elements => null;

    /// <summary>The next element; null at the end.</summary>
    public Value? Advance()
    {
        Value? next = Peek();
        _ahead = null;
        if (next is null)
            return null;
        _index0++;
        (_previous, _current) = (_current, next);
        return next;
    }

    public override Value? Attribute(StringValue name) => name.Content switch
    {
        "index" => IntegerValue.Of(_index0 + 1),
        "index0" => IntegerValue.Of(_index0),
        "revindex" => IntegerValue.Of(Length!.Value - _index0),
        "revindex0" => IntegerValue.Of(Length!.Value - _index0 - 1),
        "first" => BooleanValue.Of(_index0 == 0),
        "last" => BooleanValue.Of(Peek() is null),
        "length" => IntegerValue.Of(Length!.Value),
        "depth" => IntegerValue.Of(depth + 1),
        "depth0" => IntegerValue.Of(depth),
        "previtem" => _previous ?? UndefinedValue.Because("there is no previous item"),
        "nextitem" => Peek() ?? UndefinedValue.Because("there is no next item"),
        "cycle" => new FunctionValue("cycle", (_, arguments) => Cycle(arguments)),
        "changed" => new FunctionValue("changed", (_, arguments) => Changed(arguments)),
        _ => null,
    };

    public override Value Call(Rendering rendering, Arguments arguments)
    {
        if (recursion is null)
            throw new TemplateFault("the loop must have the 'recursive' marker to be called recursively");
        if (arguments.Positional is not [{ } inner] || arguments.Keywords.Length > 0)
            throw new TemplateFault("loop() takes the elements to go through");
        return new StringValue(recursion.Recurse(inner, depth + 1, scope, rendering));
    }

    public override void WriteRepr(TextOutput output) => output.Append($"<LoopContext {_index0 + 1}/{Length}>");

    private Value? Peek() => _ahead ??= _elements.MoveNext() ? _elements.Current : null;

    private int ReadToEnd()
    {
        var rest = new List<Value>();
        while (_elements.MoveNext())
            rest.Add(_elements.Current);
        _elements = rest.GetEnumerator();
        return _index0 + 1 + (_ahead is null ? 0 : 1) + rest.Count;
    }

    private Value Cycle(Arguments arguments)
    {
        if (arguments.Positional.Length == 0)
            throw new TemplateFault("no items for cycling given");
        return arguments.Positional[_index0 % arguments.Positional.Length]!;
    }

    private BooleanValue Changed(Arguments arguments)
    {
        Value[] values = [.. arguments.Positional.Select(value => value!)];
        bool changed = _changed is null || !_changed.AsSpan().SequenceEqual(values);
        _changed = values;
        return BooleanValue.Of(changed);
    }
}
