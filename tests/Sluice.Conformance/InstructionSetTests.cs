using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu;
using Sluice.Cpu.Dispatch;

namespace Sluice.Conformance;

/// <summary>The whole suite again in processes whose runtime was told that the processor has less.</summary>
public class InstructionSetTests
{
    /// <summary>Set for a child process: the variant it must detect. It also keeps children from having children.</summary>
    private const string ExpectedVariant = "SLUICE_TEST_EXPECTED_VARIANT";

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "avx2")]
    [InlineData("DOTNET_EnableAVX2", "scalar")]
    public async Task Suite_InstructionSetOff_PassesOnTheVariantsLeft(string knob, string expected)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(ExpectedVariant) is not null, "this is the child");
        Assert.SkipUnless(InstructionSets.IsSupported(KernelVariant.Avx2), "nothing to switch off");
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Add(typeof(InstructionSetTests).Assembly.Location);
        foreach (string argument in new[] { "-noLogo", "-noColor" })
            start.ArgumentList.Add(argument);
        start.Environment[knob] = "0";
        start.Environment[ExpectedVariant] = expected;
        start.Environment.Remove(InstructionSets.EnvironmentVariable);
        using var child = Process.Start(start)!;
        var errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, $"{knob}=0: exit code {child.ExitCode}\n{output}\n{await errors}");
        Assert.Contains("Failed: 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Device_NothingForced_TakesTheWidestVariant()
    {
        string widest = Avx512BW.IsSupported && Avx512DQ.IsSupported ? "avx512" : Avx2.IsSupported && Fma.IsSupported ? "avx2" : "scalar";
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1, Kernels = "" });
        Assert.Equal(Environment.GetEnvironmentVariable(ExpectedVariant) ?? widest, device.Variant);
    }
}
