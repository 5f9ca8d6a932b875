using System.Diagnostics;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Tests.Engine.Sampling;

/// <summary>The filters again in a process whose runtime was told that the processor has no AVX-512.</summary>
public sealed class NarrowVectorTests
{
    [Fact]
    public async Task Filters_WithoutAvx512_LeaveTheSame()
    {
        Assert.SkipUnless(Avx512F.IsSupported, "there is no AVX-512 to switch off");
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Add(typeof(NarrowVectorTests).Assembly.Location);
        foreach (string argument in new[] { "-noLogo", "-noColor", "-class", typeof(FilterTests).FullName! })
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_EnableAVX512"] = "0";
        using var child = Process.Start(start)!;
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, output);
        Assert.Matches(@"Total: [1-9]\d+,.*Failed: 0", output);
    }
}
