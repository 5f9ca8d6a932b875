using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Cpu;

namespace Sluice.Conformance;

public sealed class OwnershipConformance
{
    [Fact]
    public void Dispose_WithTensorsAlive_GivesTheBudgetBack()
    {
        using var device = new CpuDevice(new CpuDeviceOptions { Threads = 1, MemoryBytes = 64 << 20 });
        var backend = device.CreateBackend();
        var disposed = backend.Memory.Allocate(10, 100);
        backend.Memory.Allocate(20, 100);
        backend.Attention.AllocateKv(0, new KvGroupSpec(2, 1, 16, 16, DType.F32), 4);
        Assert.True(device.Memory.LeasedBytes > 30 * 100 * sizeof(float));
        disposed.Dispose();
        backend.Dispose();
        Assert.Equal(0, device.Memory.LeasedBytes);
    }
}
