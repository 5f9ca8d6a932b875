namespace Sluice.Models.Templates.Expressions;

/// <summary>Python's sorted(): equal elements keep their order, also when it is descending.</summary>
internal static class StableSort
{
    /// <param name="order">Null, as between NaNs, counts as equal. May throw, which .NET's own sorts would wrap.</param>
    public static T[] By<T, TKey>(IEnumerable<T> items, Func<T, TKey> key, Func<TKey, TKey, int?> order, bool descending)
    {
        (TKey Key, T Item)[] source = [.. items.Select(item => (key(item), item))];
        var target = new (TKey Key, T Item)[source.Length];
        for (int width = 1; width < source.Length; width *= 2)
        {
            for (int start = 0; start < source.Length; start += 2 * width)
            {
                int middle = Math.Min(start + width, source.Length), end = Math.Min(start + 2 * width, source.Length);
                Merge(source.AsSpan(start..middle), source.AsSpan(middle..end), target.AsSpan(start..end), ComesFirst);
            }
            (source, target) = (target, source);
        }
        return Array.ConvertAll(source, pair => pair.Item);

        bool ComesFirst((TKey Key, T Item) right, (TKey Key, T Item) left) =>
            descending ? order(left.Key, right.Key) < 0 : order(right.Key, left.Key) < 0;
    }

    /// <param name="comesFirst">Whether an element of the right run comes before one of the left.</param>
    private static void Merge<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> target, Func<T, T, bool> comesFirst)
    {
        for (int at = 0; at < target.Length; at++)
        {
            bool takeRight = left.IsEmpty || (!right.IsEmpty && comesFirst(right[0], left[0]));
            target[at] = takeRight ? right[0] : left[0];
            if (takeRight)
                right = right[1..];
            else
                left = left[1..];
        }
    }
}
