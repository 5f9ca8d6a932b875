using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Core.Quant;
using Sluice.Cpu;

namespace Sluice.Bench.Micro;

/// <summary>A weight of random blocks on one device, and products with it: what the kernel benches share.</summary>
internal sealed unsafe class KernelBench : IDisposable
{
    private readonly CpuDevice _device;
    private readonly IBackend _backend;
    private readonly NativeBuffer _stored;
    private readonly Tensor _x;
    private readonly Projection[] _projections;

    /// <param name="kernels">A kernel variant, or empty for the fastest.</param>
    public KernelBench(string kernels, DType type, int outputs, int cols, int rows, int threads = 1)
    {
        _device = new CpuDevice(new CpuDeviceOptions { Threads = threads, Kernels = kernels });
        _backend = _device.CreateBackend();
        _stored = Blocks(type, outputs, cols);
        _x = _backend.Memory.Allocate(rows, cols);
        for (int r = 0; r < rows; r++)
            _backend.Memory.Write(_x, r, [.. Enumerable.Range(r, cols).Select(i => MathF.Sin(i))]);
        var view = new TensorView(_stored.Address, type, outputs, cols, BlockFormats.Of(type).BytesFor(cols));
        _projections = [new Projection(_backend.Memory.LoadMatrix(view), null, _backend.Memory.Allocate(rows, outputs))];
        _backend.Memory.FinishLoading();
    }

    public void Project() => _backend.Linear.Project(_x, _x.Rows, _projections);

    public void Dispose()
    {
        _backend.Dispose();
        _device.Dispose();
        _stored.Dispose();
    }

    /// <summary>Random bytes with sound scales or elements: subnormal numbers would be measured otherwise.</summary>
    private static NativeBuffer Blocks(DType type, int rows, int cols)
    {
        var random = new Random(1);
        var format = BlockFormats.Of(type);
        var buffer = new NativeBuffer(format.BytesFor((long)rows * cols));
        var bytes = buffer.AsSpan<byte>();
        random.NextBytes(bytes);
        for (int at = 0; at < bytes.Length; at += format.BlockBytes)
        {
            float value = 0.01f + (float)random.NextDouble();
            if (type == DType.F32)
                BitConverter.TryWriteBytes(bytes[at..], value);
            else if (type == DType.BF16)
                BitConverter.TryWriteBytes(bytes[at..], (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
            else
                BitConverter.TryWriteBytes(bytes[(at + (type == DType.Q6_K ? Q6_KFormat.ScaleOffset : 0))..], (Half)value);
            if (type is DType.Q4_K or DType.Q5_K)
                BitConverter.TryWriteBytes(bytes[(at + Q4_KFormat.MinScaleOffset)..], (Half)value);
        }
        return buffer;
    }
}
