using System.Numerics;
using Sluice.Models.Templates.Builtins;

namespace Sluice.Models.Templates.Values;

/// <summary>A range of integers; the sandbox bounds its length.</summary>
internal sealed class RangeValue : Value
{
    private const int MaxLength = 100_000;

    private readonly BigInteger _start;
    private readonly BigInteger _stop;
    private readonly BigInteger _step;
    private readonly int _length;

    public RangeValue(BigInteger start, BigInteger stop, BigInteger step)
    {
        if (step.IsZero)
            throw new TemplateFault("range() arg 3 must not be zero");
        BigInteger span = step > 0 ? stop - start : start - stop;
        BigInteger length = span > 0 ? (span - 1) / BigInteger.Abs(step) + 1 : 0;
        if (length > MaxLength)
            throw new TemplateFault($"range is too big: templates may use ranges of up to {MaxLength} numbers");
        (_start, _stop, _step, _length) = (start, stop, step, (int)length);
    }

    public override string TypeName => "range";

    public override bool IsTrue => _length > 0;

    public override int Weight => 1 + _length;

    public override int? Length => _length;

    public override IEnumerable<Value> Elements => Enumerable.Range(0, _length).Select(At);

    public override Value? Attribute(StringValue name) => name.Content switch
    {
        "start" => IntegerValue.Of(_start),
        "stop" => IntegerValue.Of(_stop),
        "step" => IntegerValue.Of(_step),
        _ => SequenceMethods.Tuple.Find(this, name.Content),
    };

    public override Value? Item(Value key) =>
        Numbers.TryInteger(key, out BigInteger index) && SliceBounds.TryIndex(index, _length, out int at) ? At(at) : null;

    public override Value Slice(SliceBounds bounds, Rendering rendering)
    {
        (int start, int step, int count) = bounds.Over(_length);
        BigInteger first = _start + start * _step, stride = step * _step;
        return new RangeValue(first, first + count * stride, stride);
    }

    public override bool Equals(Value? other) =>
        other is RangeValue range && range._length == _length
        && (_length == 0 || (range._start == _start && (_length == 1 || range._step == _step)));

    public override int GetHashCode() => HashCode.Combine(_length, _length == 0 ? default : _start);

    public override void WriteRepr(TextOutput output) =>
        output.Append(_step.IsOne ? $"range({_start}, {_stop})" : $"range({_start}, {_stop}, {_step})");

    private Value At(int index) => IntegerValue.Of(_start + index * _step);
}
