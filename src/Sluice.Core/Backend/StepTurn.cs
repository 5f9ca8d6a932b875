namespace Sluice.Core.Backend;

/// <summary>One engine's turn on the device.</summary>
public readonly struct StepTurn(StepGate gate) : IDisposable
{
    public void Dispose() => gate.Leave();
}
