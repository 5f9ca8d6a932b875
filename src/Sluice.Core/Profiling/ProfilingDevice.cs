using Sluice.Core.Backend;
using Sluice.Core.Memory;

namespace Sluice.Core.Profiling;

/// <summary>A device whose backends note in a <see cref="Profile"/> how long each operation took. The device itself stays its owner's to dispose.</summary>
public sealed class ProfilingDevice(IComputeDevice device, Profile profile) : IComputeDevice
{
    public string Name => device.Name;

    public int Threads => device.Threads;

    public MemoryBudget Memory => device.Memory;

    public IBackend CreateBackend() => new ProfilingBackend(device.CreateBackend(), profile);

    public StepTurn EnterStep() => device.EnterStep();

    public void Dispose() { }
}
