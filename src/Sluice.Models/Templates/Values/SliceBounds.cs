using System.Numerics;

namespace Sluice.Models.Templates.Values;

/// <summary>The three parts of a slice as written; null where left out.</summary>
internal readonly record struct SliceBounds(BigInteger? Start, BigInteger? Stop, BigInteger? Step)
{
    /// <summary>An index from either end as a position.</summary>
    public static bool TryIndex(BigInteger index, int length, out int position)
    {
        if (index < 0)
            index += length;
        bool inside = index >= 0 && index < length;
        position = inside ? (int)index : -1;
        return inside;
    }

    /// <summary>The positions that the slice selects of a sequence of this length: start, step and count.</summary>
    public (int Start, int Step, int Count) Over(int length)
    {
        BigInteger step = Step ?? 1;
        if (step.IsZero)
            throw new TemplateFault("slice step cannot be zero");
        bool forward = step > 0;
        int lowest = forward ? 0 : -1, highest = forward ? length : length - 1;
        int start = Start is { } from ? Clamp(from) : forward ? lowest : highest;
        int stop = Stop is { } to ? Clamp(to) : forward ? highest : lowest;
        int stride = (int)BigInteger.Max(BigInteger.Min(step, length + 1), -length - 1);
        int span = forward ? stop - start : start - stop;
        int magnitude = Math.Abs(stride);
        return (start, stride, span <= 0 ? 0 : (int)(((long)span + magnitude - 1) / magnitude));

        int Clamp(BigInteger bound)
        {
            if (bound < 0)
                bound += length;
            return (int)BigInteger.Max(BigInteger.Min(bound, highest), lowest);
        }
    }
}
