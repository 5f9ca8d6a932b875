using Sluice.Core.Errors;
using Sluice.Cpu;

namespace Sluice.Tests.Cpu;

public class CpuDeviceTests
{
    [Fact]
    public void Create_Defaults_OneThreadPerProcessorAndABudget()
    {
        using var device = new CpuDevice();
        Assert.Equal(Environment.ProcessorCount, device.Threads);
        Assert.InRange(device.Memory.CapacityBytes, 1 << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(100_000)]
    public void Create_ThreadsOutOfRange_Refused(int threads) =>
        Assert.Contains("threads", Assert.Throws<SluiceException>(() => new CpuDevice(new CpuDeviceOptions { Threads = threads })).Message, StringComparison.Ordinal);

    [Fact]
    public void Create_NegativeMemory_Refused() =>
        Assert.Contains("memory", Assert.Throws<SluiceException>(() => new CpuDevice(new CpuDeviceOptions { MemoryBytes = -1 })).Message, StringComparison.Ordinal);

    [Fact]
    public void Create_UnknownKernels_Refused() => Assert.Throws<SluiceException>(() => new CpuDevice(new CpuDeviceOptions { Kernels = "fast" }));

    [Fact]
    public void ReadBandwidth_Disposed_GivesItsMemoryBack()
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1 });
        long before = device.Memory.LeasedBytes;
        new ReadBandwidth(device, 1 << 20).Dispose();
        Assert.Equal(before, device.Memory.LeasedBytes);
    }

    [Fact]
    public void ReadBandwidth_Measured_IsPlausible()
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 2 });
        using var bandwidth = new ReadBandwidth(device, 32 << 20);
        Assert.InRange(bandwidth.Measure(), 0.1, 10_000);
        Assert.InRange(bandwidth.Measure(), 0.1, 10_000);
    }
}
