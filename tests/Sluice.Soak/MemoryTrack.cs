using Sluice.Core.Memory;

namespace Sluice.Soak;

/// <summary>Memory of the process over time, and whether it grows.</summary>
internal sealed class MemoryTrack(MemoryBudget device)
{
    private readonly List<Sampled> _samples = [];

    public int Count => _samples.Count;

    /// <summary>Looks after everything dead is gone, or its share would be measured too.</summary>
    public void Sample(double seconds)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _samples.Add(new Sampled(seconds, GC.GetTotalMemory(forceFullCollection: true), device.LeasedBytes, NativeBuffer.LiveOwners, Environment.WorkingSet));
    }

    /// <summary>
    /// Growth over the last two thirds of the run, by the least-squares line through them: in the first third caches
    /// fill and the runtime compiles.
    /// </summary>
    /// <returns>Bytes of managed memory, bytes leased, native owners, resident bytes.</returns>
    public (double Managed, double Leased, double Owners, double Resident) Growth()
    {
        var late = _samples.Skip(_samples.Count / 3).ToList();
        return (Rise(sample => sample.Managed), Rise(sample => sample.Leased), Rise(sample => sample.Owners), Rise(sample => sample.Resident));

        double Rise(Func<Sampled, double> value)
        {
            double meanTime = late.Average(sample => sample.Seconds), mean = late.Average(value);
            double slope = late.Sum(sample => (sample.Seconds - meanTime) * (value(sample) - mean))
                / late.Sum(sample => Math.Pow(sample.Seconds - meanTime, 2));
            return slope * (late[^1].Seconds - late[0].Seconds);
        }
    }

    private readonly record struct Sampled(double Seconds, double Managed, double Leased, double Owners, double Resident);
}
