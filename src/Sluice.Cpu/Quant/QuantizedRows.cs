using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Quant;

/// <summary>
/// Activations in signed bytes, 32 to a scale: scale = max|x| / 127, value = x · 127 / max|x| rounded to nearest even. Row by row: the bytes,
/// then the scales, then each block's sum of bytes (what a weight's zero offset multiplies).
/// </summary>
internal static unsafe class QuantizedRows
{
    public const int BlockElements = 32;

    /// <summary>Bytes from one row to the next.</summary>
    public static long Pitch(int cols) => SumsAt(cols) + Aligned(cols / BlockElements * sizeof(int));

    public static sbyte* Values(in Operand operand, int row) => (sbyte*)(operand.Prepared + row * Pitch(operand.Cols));

    public static float* Scales(in Operand operand, int row) => (float*)(operand.Prepared + row * Pitch(operand.Cols) + Aligned(operand.Cols));

    public static int* Sums(in Operand operand, int row) => (int*)(operand.Prepared + row * Pitch(operand.Cols) + SumsAt(operand.Cols));

    private static long SumsAt(int cols) => Aligned(cols) + Aligned(cols / BlockElements * sizeof(float));

    private static long Aligned(long bytes) => (bytes + 63) & ~63L;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize<L, V>(float* x, int cols, sbyte* values, float* scales, int* sums) where L : ILanes<V> where V : unmanaged
    {
        for (int b = 0; b < cols / BlockElements; b++, x += BlockElements, values += BlockElements)
        {
            var greatest = L.Broadcast(0);
            for (int i = 0; i < BlockElements; i += L.Count)
                greatest = L.Max(greatest, L.Abs(L.Load(x + i)));
            float max = L.MaxOf(greatest);
            float inverse = max > 0 ? 127f / max : 0f;
            var factor = L.Broadcast(inverse);
            var sum = L.Broadcast(0);
            for (int i = 0; i < BlockElements; i += L.Count)
            {
                var whole = L.RoundToEven(L.Multiply(L.Load(x + i), factor));
                L.StoreBytes(values + i, whole);
                sum = L.Add(sum, whole); // whole numbers far below 2^24: exact in any order
            }
            scales[b] = max / 127f;
            sums[b] = (int)L.Sum(sum);
        }
    }
}

/// <summary>The input form of kernels that read <see cref="QuantizedRows"/>.</summary>
internal sealed unsafe class QuantizedRowsForm<L, V> : InputForm where L : ILanes<V> where V : unmanaged
{
    public static QuantizedRowsForm<L, V> Instance { get; } = new();

    public override long BytesFor(int rows, int cols) => rows * QuantizedRows.Pitch(cols);

    public override int UnitsFor(int rows) => rows;

    public override void Prepare(in Operand operand, int start, int end)
    {
        for (int r = start; r < end; r++)
        {
            QuantizedRows.Quantize<L, V>(operand.Row(r), operand.Cols, QuantizedRows.Values(operand, r), QuantizedRows.Scales(operand, r),
                QuantizedRows.Sums(operand, r));
        }
    }
}
