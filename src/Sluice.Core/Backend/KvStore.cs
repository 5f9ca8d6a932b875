namespace Sluice.Core.Backend;

/// <summary>A handle to one KV group's blocks in a backend's memory. Blocks are named by index; who owns which is the engine's business.</summary>
public abstract class KvStore(KvGroupSpec spec, int blocks) : IDisposable
{
    public KvGroupSpec Spec { get; } = spec;

    public int Blocks { get; } = blocks;

    public abstract void Dispose();
}
