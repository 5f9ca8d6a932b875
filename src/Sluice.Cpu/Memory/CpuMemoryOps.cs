using Sluice.Core.Backend;
using Sluice.Core.Errors;
using Sluice.Core.Memory;
using Sluice.Core.Quant;
using Sluice.Cpu.Packed;

namespace Sluice.Cpu.Memory;

internal sealed class CpuMemoryOps(CpuDevice device, BackendMemory memory) : IMemoryOps, IDisposable
{
    private readonly WeightPacker _packer = new(device, memory);

    public Tensor Allocate(int rows, int cols) => new CpuTensor(memory, rows, cols);

    public Weight LoadMatrix(TensorView view)
    {
        bool packs = device.Kernels.For(view.Type).Layout is not null;
        Check(view);
        var weight = new CpuWeight(view, device.Kernels.InPlace(view.Type), packs ? _packer : null);
        if (packs)
            _packer.Add(weight);
        return weight;
    }

    public void FinishLoading() => _packer.Finish();

    public Weight LoadTable(TensorView view)
    {
        Check(view);
        return RowDecoders.TryGet(view.Type, out var decoder) ? new CpuTable(view, decoder) : throw new SluiceException(
            $"a table of type {view.Type} cannot be read: convert the model");
    }

    public Tensor LoadVector(TensorView view)
    {
        // A vector's element is a block of one; quantised vectors do not occur, and reading one would need a scale per 32 rows.
        if (BlockFormats.Of(view.Type).BlockElements != 1 || !RowDecoders.TryGet(view.Type, out var decoder))
            throw new SluiceException($"a vector of type {view.Type} cannot be read; F32, F16 and BF16 can: convert the model");
        if (view.Rows != 1)
            throw new SluiceException($"a vector was expected, but the tensor is {view.Rows} x {view.Cols}");
        var vector = new CpuTensor(memory, 1, checked((int)view.Cols));
        decoder(view.Row(0), vector.Span(0));
        return vector;
    }

    public void Write(Tensor tensor, int firstRow, ReadOnlySpan<float> values)
    {
        var target = CpuTensor.Of(tensor);
        for (int row = firstRow; values.Length > 0; row++, values = values[target.Cols..])
            values[..target.Cols].CopyTo(target.Span(row));
    }

    public void Read(Tensor tensor, int row, Span<float> destination) => CpuTensor.Of(tensor).Span(row).CopyTo(destination);

    /// <summary>Ends packing, which reads files that are closed after the backend.</summary>
    public void Dispose() => _packer.Dispose();

    private static void Check(TensorView view)
    {
        if (view.Rows is < 0 or > int.MaxValue || view.Cols is < 0 or > int.MaxValue)
            throw new SluiceException($"a weight matrix of {view.Rows} x {view.Cols} is beyond the CPU backend's 2^31 rows and columns");
        int elements = BlockFormats.Of(view.Type).BlockElements;
        if (view.Cols % elements != 0)
            throw new SluiceException($"a weight matrix of type {view.Type} has {view.Cols} columns, which are not whole blocks of {elements}");
    }
}
