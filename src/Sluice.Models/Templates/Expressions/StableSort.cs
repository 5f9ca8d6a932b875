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
                Merge(source, target, start, middle, end, order, descending);
            }
            (source, target) = (target, source);
        }
        return Array.ConvertAll(source, pair => pair.Item);
    }

    private static void Merge<T, TKey>(
        (TKey Key, T Item)[] source, (TKey Key, T Item)[] target, int start, int middle, int end, Func<TKey, TKey, int?> order, bool descending)
    {
        int left = start, right = middle;
        for (int at = start; at < end; at++)
        {
            bool takeRight = left == middle
                || (right < end && (descending
                    ? order(source[left].Key, source[right].Key) < 0
                    : order(source[right].Key, source[left].Key) < 0));
            target[at] = takeRight ? source[right++] : source[left++];
        }
    }
}
