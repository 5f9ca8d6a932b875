namespace Sluice.Core.Backend;

/// <summary>A handle to one KV group's blocks in a backend's memory. Blocks are named by index; who owns which is the engine's business.</summary>
public abstract class KvStore(int group, KvGroupSpec spec, int blocks) : IDisposable
{
    /// <summary>The group's place among the model's KV groups: which of a batch's block tables name its blocks.</summary>
    public int Group { get; } = group;

    public KvGroupSpec Spec { get; } = spec;

    public int Blocks { get; } = blocks;

    public abstract void Dispose();
}
