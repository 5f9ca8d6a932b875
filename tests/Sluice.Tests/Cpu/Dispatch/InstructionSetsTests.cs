using Sluice.Core.Errors;
using Sluice.Cpu.Dispatch;

namespace Sluice.Tests.Cpu.Dispatch;

public class InstructionSetsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Parse_Nothing_ForcesNothing(string? name) => Assert.Null(InstructionSets.Parse(name));

    [Theory]
    [InlineData("scalar")]
    [InlineData("Scalar")]
    public void Parse_KnownName_ForcesIt(string name) => Assert.Equal(KernelVariant.Scalar, InstructionSets.Parse(name));

    [Fact]
    public void Parse_UnknownName_ListsTheSupportedOnes()
    {
        var error = Assert.Throws<SluiceException>(() => InstructionSets.Parse("sse9"));
        Assert.Contains("SLUICE_KERNELS=sse9", error.Message, StringComparison.Ordinal);
        Assert.Contains("scalar", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_VariantTheProcessorLacks_ListsTheSupportedOnes()
    {
        var missing = Enum.GetValues<KernelVariant>().Except(InstructionSets.Supported).ToArray();
        Assert.SkipWhen(missing.Length == 0, "this processor has them all");
        var error = Assert.Throws<SluiceException>(() => InstructionSets.Parse(InstructionSets.NameOf(missing[0])));
        Assert.Contains("supports scalar", error.Message, StringComparison.Ordinal);
    }
}
