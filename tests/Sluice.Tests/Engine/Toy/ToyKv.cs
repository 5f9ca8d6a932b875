using Sluice.Core.Backend;

namespace Sluice.Tests.Engine.Toy;

/// <summary>One token id per slot.</summary>
internal sealed class ToyKv(int group, KvGroupSpec spec, int blocks) : KvStore(group, spec, blocks)
{
    public int[] Slots { get; } = new int[blocks * spec.BlockTokens];

    public override void Dispose() { }
}
