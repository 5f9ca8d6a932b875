namespace Sluice.Core.Backend;

/// <summary>A lock that serves waiting engines in the order they came, so that two busy models share a device step by step.</summary>
public sealed class StepGate
{
    private readonly Lock _gate = new();
    private readonly Queue<SemaphoreSlim> _waiting = new();
    private bool _busy;

    /// <summary>Engines that wait for their turn.</summary>
    public int Waiting
    {
        get { lock (_gate) return _waiting.Count; }
    }

    public StepTurn Enter()
    {
        SemaphoreSlim ticket;
        lock (_gate)
        {
            if (!_busy)
            {
                _busy = true;
                return new StepTurn(this);
            }
            ticket = new SemaphoreSlim(0, 1);
            _waiting.Enqueue(ticket);
        }
        ticket.Wait();
        ticket.Dispose();
        return new StepTurn(this);
    }

    internal void Leave()
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out var next))
                next.Release(); // the gate stays busy: it passes from hand to hand
            else
                _busy = false;
        }
    }
}
