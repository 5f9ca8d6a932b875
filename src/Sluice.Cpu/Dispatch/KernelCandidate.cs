using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Dispatch;

/// <summary>One way to compute a format. <paramref name="Reason"/> says why it stands where it does in its list.</summary>
internal sealed record KernelCandidate(KernelVariant Variant, Func<MatrixKernel> Create, string Reason);
