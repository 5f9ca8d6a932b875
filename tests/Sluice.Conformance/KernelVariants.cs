using Sluice.Cpu.Dispatch;

namespace Sluice.Conformance;

/// <summary>Names of the kernel variants that this processor runs; every conformance test runs on each of them.</summary>
public sealed class KernelVariants : TheoryData<string>
{
    public KernelVariants()
    {
        foreach (var variant in InstructionSets.Supported)
            Add(InstructionSets.NameOf(variant));
    }
}
