using Sluice.Cpu.Attention;

namespace Sluice.Cpu.Dispatch;

/// <summary>One way to attend over a stored KV format. <paramref name="Reason"/> says why it stands where it does in its list.</summary>
internal sealed record KvCandidate(KernelVariant Variant, Func<AttentionKernel> Create, string Reason);
