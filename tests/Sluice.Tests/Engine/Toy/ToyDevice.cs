using Sluice.Core.Backend;
using Sluice.Core.Memory;

namespace Sluice.Tests.Engine.Toy;

internal sealed class ToyDevice : IComputeDevice
{
    private readonly StepGate _gate = new();

    public string Name => "toy";

    public int Threads => 1;

    public MemoryBudget Memory { get; } = new(1 << 30);

    public IBackend CreateBackend() => new ToyBackend();

    public StepTurn EnterStep() => _gate.Enter();

    public void Dispose() { }
}
