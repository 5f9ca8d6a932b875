namespace Sluice.Local.Lifecycle;

/// <summary>One use of a loaded model: until it is disposed, the model stays.</summary>
internal sealed class ModelLease(ModelSlot slot, LocalSource source) : IDisposable
{
    private int _returned;

    public LocalSource Source { get; } = source;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _returned, 1) == 0)
            slot.Return();
    }
}
