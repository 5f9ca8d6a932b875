using Sluice.Core.Backend;

namespace Sluice.Core.Profiling;

/// <summary>Times what another backend does. Handles are the other's own, so nothing else changes.</summary>
internal sealed class ProfilingBackend(IBackend inner, Profile profile) : IBackend
{
    public string Name => inner.Name;

    public IMemoryOps Memory { get; } = new ProfilingMemory(inner.Memory, profile);

    public ILinearOps Linear { get; } = new ProfilingLinear(inner.Linear, profile);

    public IElementwiseOps Elementwise { get; } = new ProfilingElementwise(inner.Elementwise, profile);

    public IAttentionOps Attention { get; } = new ProfilingAttention(inner.Attention, profile);

    public IExpertOps Experts { get; } = new ProfilingExperts(inner.Experts, profile);

    public void Dispose() => inner.Dispose();
}
