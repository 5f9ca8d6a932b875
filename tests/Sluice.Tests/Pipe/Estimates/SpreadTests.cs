using Sluice.Pipe.Estimates;

namespace Sluice.Tests.Pipe.Estimates;

public sealed class SpreadTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(3, 5)]
    [InlineData(5, 5)]
    [InlineData(9, 5)]
    [InlineData(10, 5)]
    [InlineData(1_000, 20)]
    [InlineData(123_457, 64)]
    public void Take_AnyNumberOfItems_AreAsManyAsWantedAndEverywhere(int items, int wanted)
    {
        var spread = new Spread<int>(wanted);
        for (int i = 0; i < items; i++)
            spread.Add(i);
        IReadOnlyList<int> taken = spread.Take();
        Assert.Equal(Math.Min(items, wanted), taken.Count);
        Assert.Equal(taken.Distinct().Order(), taken);
        int widest = taken.Append(items).Prepend(0).Zip(taken.Append(items), (a, b) => b - a).Append(0).Max();
        Assert.InRange(widest, 0, 1 + (3 * items / Math.Max(1, wanted)));
    }
}
