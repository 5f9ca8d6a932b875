using Sluice.Core;
using Sluice.Core.Backend;
using Sluice.Core.Memory;
using Sluice.Core.Quant;

namespace Sluice.Conformance;

/// <summary>Random inputs from a seed, and the way they get into and out of a backend.</summary>
internal static unsafe class Samples
{
    public static float[] Floats(int seed, int count, float range = 1f)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(random.NextDouble() * 2 - 1) * range;
        return values;
    }

    /// <summary>Stored bytes of a random matrix; quantised blocks take any byte, with scales of both signs.</summary>
    /// <param name="fill">What every byte but those scales is, if not random.</param>
    public static NativeBuffer Stored(int seed, DType type, int rows, int cols, byte? fill = null)
    {
        var random = new Random(seed);
        var format = BlockFormats.Of(type);
        var buffer = new NativeBuffer(format.BytesFor((long)rows * cols));
        var bytes = buffer.AsSpan<byte>();
        random.NextBytes(bytes);
        if (fill is { } same)
            bytes.Fill(same);
        for (int at = 0; at < bytes.Length; at += format.BlockBytes)
        {
            float value = (float)(random.NextDouble() * 2 - 1);
            if (type == DType.F32)
                BitConverter.TryWriteBytes(bytes[at..], value);
            else if (type == DType.BF16)
                BitConverter.TryWriteBytes(bytes[at..], (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
            else if (format.BlockElements == 1)
                BitConverter.TryWriteBytes(bytes[at..], (Half)value);
            else
                SetScales(type, bytes.Slice(at, format.BlockBytes), (Half)(value / 64));
        }
        return buffer;
    }

    /// <summary>Sets the scale of a quantised block, and that of minima where it has one.</summary>
    public static void SetScales(DType type, Span<byte> block, Half scale)
    {
        BitConverter.TryWriteBytes(block[(type == DType.Q6_K ? Q6_KFormat.ScaleOffset : 0)..], scale);
        if (type is DType.Q4_K or DType.Q5_K)
            BitConverter.TryWriteBytes(block[Q4_KFormat.MinScaleOffset..], (Half)(-0.75f * (float)scale));
    }

    public static TensorView View(NativeBuffer buffer, DType type, int rows, int cols) =>
        new(buffer.Address, type, rows, cols, BlockFormats.Of(type).BytesFor(cols));

    /// <summary>A tensor of the backend holding <paramref name="values"/>, whole rows.</summary>
    public static Tensor Upload(IBackend backend, float[] values, int cols)
    {
        var tensor = backend.Memory.Allocate(values.Length / cols, cols);
        backend.Memory.Write(tensor, 0, values);
        return tensor;
    }

    public static float[] Download(IBackend backend, Tensor tensor, int rows)
    {
        var values = new float[rows * tensor.Cols];
        for (int r = 0; r < rows; r++)
            backend.Memory.Read(tensor, r, values.AsSpan(r * tensor.Cols, tensor.Cols));
        return values;
    }
}
