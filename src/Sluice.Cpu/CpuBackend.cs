using Sluice.Core.Backend;
using Sluice.Cpu.Attention;
using Sluice.Cpu.Elementwise;
using Sluice.Cpu.Experts;
using Sluice.Cpu.Linear;
using Sluice.Cpu.Memory;

namespace Sluice.Cpu;

/// <summary>One model's operations on a <see cref="CpuDevice"/>. It owns the scratch memory that its operations share between steps.</summary>
internal sealed class CpuBackend : IBackend
{
    private readonly BackendMemory _memory;
    private readonly CpuMemoryOps _loading;
    private readonly CpuLinearOps _linear;
    private readonly CpuAttentionOps _attention;
    private readonly CpuExpertOps _experts;

    public CpuBackend(CpuDevice device)
    {
        Name = device.Name;
        _memory = new BackendMemory(device.Memory);
        _loading = new CpuMemoryOps(device, _memory);
        Elementwise = new CpuElementwiseOps(device);
        _linear = new CpuLinearOps(device, _memory);
        _attention = new CpuAttentionOps(device, _memory);
        _experts = new CpuExpertOps(device, _memory);
    }

    public string Name { get; }

    public IMemoryOps Memory => _loading;

    public ILinearOps Linear => _linear;

    public IElementwiseOps Elementwise { get; }

    public IAttentionOps Attention => _attention;

    public IExpertOps Experts => _experts;

    public void Dispose()
    {
        _loading.Dispose();
        _linear.Dispose();
        _attention.Dispose();
        _experts.Dispose();
        _memory.Dispose();
    }
}
