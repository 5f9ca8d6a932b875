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
    [InlineData("SLUICE_JIT", "off", "avx512")]
    [InlineData("DOTNET_EnableAVX512", "0", "avx2")]
    [InlineData("DOTNET_EnableAVX2", "0", "scalar")]
    public async Task Suite_InstructionSetOff_PassesOnTheVariantsLeft(string knob, string off, string left)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(ExpectedVariant) is not null, "this is the child");
        var most = Enum.Parse<KernelVariant>(left, ignoreCase: true);
        if (most == KernelVariant.Avx2 && InstructionSets.IsSupported(KernelVariant.AvxVnni))
            most = KernelVariant.AvxVnni; // which is no part of AVX-512
        Assert.SkipUnless(InstructionSets.IsSupported(most) && InstructionSets.Supported.Any(v => v > most), "nothing to switch off");
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Add(typeof(InstructionSetTests).Assembly.Location);
        foreach (string argument in new[] { "-noLogo", "-noColor" })
            start.ArgumentList.Add(argument);
        start.Environment[knob] = off;
        start.Environment[ExpectedVariant] = InstructionSets.NameOf(most);
        start.Environment.Remove(InstructionSets.EnvironmentVariable);
        using var child = Process.Start(start)!;
        var errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, $"{knob}={off}: exit code {child.ExitCode}\n{Failures(output)}\n{await errors}");
        Assert.Contains("Failed: 0", output, StringComparison.Ordinal);
    }

    /// <summary>What the child says of the tests that failed, without those that passed or were skipped.</summary>
    private static string Failures(string output)
    {
        const int LinesOfOne = 12;
        string[] lines = output.Split('\n');
        var begins = Enumerable.Range(0, lines.Length).Where(i => lines[i].Contains("[FAIL]", StringComparison.Ordinal));
        return string.Join('\n', begins.SelectMany(i => lines.Skip(i).Take(LinesOfOne)));
    }

    /// <summary>As the system says it, not the code under test.</summary>
    private static bool HasVnni => OperatingSystem.IsLinux() && File.ReadLines("/proc/cpuinfo").Any(line => line.Contains(" avx512_vnni", StringComparison.Ordinal));

    [Fact]
    public void Device_NothingForced_TakesTheWidestVariant()
    {
        string widest = Avx512BW.IsSupported && Avx512DQ.IsSupported ? HasVnni ? "avx512vnni" : "avx512" : Avx2.IsSupported && Fma.IsSupported ? "avx2" : "scalar";
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1, Kernels = "" });
        Assert.Equal(Environment.GetEnvironmentVariable(ExpectedVariant) ?? widest, device.Variant);
    }
}
