using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Core.Memory;
using Sluice.Cpu.Dispatch;
using Sluice.Cpu.Threads;

namespace Sluice.Cpu;

/// <summary>The processor as the compute device of this process: its worker threads, its memory budget, its turn-taking.</summary>
public sealed class CpuDevice : IComputeDevice
{
    private readonly StepGate _gate = new();

    /// <exception cref="SluiceException">An option is out of range, or the forced kernel variant is unknown or not supported here.</exception>
    public CpuDevice(CpuDeviceOptions? options = null)
    {
        options ??= new CpuDeviceOptions();
        if (options.Threads is < 0 or > 1024)
            throw new SluiceException($"threads: {options.Threads} is outside 1 to 1024 (0: one per processor)");
        if (options.MemoryBytes < 0)
            throw new SluiceException($"memory: {options.MemoryBytes} bytes is negative (0: four fifths of what is available)");
        var forced = InstructionSets.Parse(options.Kernels ?? Environment.GetEnvironmentVariable(InstructionSets.EnvironmentVariable));
        Kernels = new KernelTable(forced);
        Lanes = LaneKernels.For(forced);
        Memory = new MemoryBudget(options.MemoryBytes > 0 ? options.MemoryBytes : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 5 * 4);
        Pool = new WorkerPool(options.Threads > 0 ? options.Threads : Environment.ProcessorCount);
    }

    public string Name => $"CPU ({Variant}, {Threads} threads)";

    /// <summary>The greatest kernel variant in use: scalar, avx2, avxvnni, avx512, avx512vnni or avx512bf16.</summary>
    public string Variant => InstructionSets.NameOf((KernelVariant)Math.Max((int)Lanes.Variant, (int)Kernels.Greatest));

    public int Threads => Pool.Threads;

    public MemoryBudget Memory { get; }

    internal WorkerPool Pool { get; }

    internal KernelTable Kernels { get; }

    internal LaneKernels Lanes { get; }

    public IBackend CreateBackend() => new CpuBackend(this);

    public StepTurn EnterStep() => _gate.Enter();

    public void Dispose() => Pool.Dispose();
}
