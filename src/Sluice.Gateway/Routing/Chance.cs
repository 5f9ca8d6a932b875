namespace Sluice.Gateway.Routing;

/// <summary>Seeded chance that many threads draw from without a lock: SplitMix64 over a counter. One seed, one order of numbers.</summary>
public sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    /// <summary>From 0 to below <paramref name="count"/>, which is at least 1.</summary>
    public int Below(int count) => (int)(((UInt128)Draw() * (ulong)count) >> 64);

    /// <summary>From 0 to below 1.</summary>
    public double Share() => (Draw() >> 11) * (1.0 / (1UL << 53));

    private ulong Draw() => Mix(Interlocked.Add(ref _state, 0x9E3779B97F4A7C15));

    /// <summary>Spreads every bit of a value over all bits of the result.</summary>
    internal static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
