using Sluice.Core.Memory;

namespace Sluice.Core.Backend;

/// <summary>
/// The one compute device of a process: it owns the worker threads and the memory budget, and lets one model step at a time run on them.
/// Every loaded model has its own <see cref="IBackend"/> over the same device.
/// </summary>
public interface IComputeDevice : IDisposable
{
    string Name { get; }

    int Threads { get; }

    MemoryBudget Memory { get; }

    IBackend CreateBackend();

    /// <summary>Waits for this engine's turn, first come first served; dispose the turn when the step is done.</summary>
    StepTurn EnterStep();
}
