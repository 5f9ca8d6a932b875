using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Linear;

namespace Sluice.Cpu.Emit;

/// <summary>Activations rounded to BF16, row by row, each row on a cache line of its own.</summary>
internal sealed unsafe class BFloatRows : InputForm
{
    public static BFloatRows Instance { get; } = new();

    /// <summary>Distance of rows, in bytes.</summary>
    public static long Stride(int cols) => (cols * sizeof(ushort) + 63L) & ~63L;

    public override long BytesFor(int rows, int cols) => rows * Stride(cols);

    public override int UnitsFor(int rows) => rows;

    public override void Prepare(in Operand operand, int start, int end)
    {
        for (int r = start; r < end; r++)
            Round(operand.Row(r), operand.Cols, (ushort*)(operand.Prepared + r * Stride(operand.Cols)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Round(float* x, int cols, ushort* rounded)
    {
        int k = 0;
        for (; k + Vector512<float>.Count <= cols; k += Vector512<float>.Count)
            Round(Vector512.Load(x + k)).Store(rounded + k);
        for (; k < cols; k++)
            rounded[k] = Round(Vector512.CreateScalar(x[k])).ToScalar();
    }

    /// <summary>To nearest even; a NaN stays one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Round(Vector512<float> value)
    {
        var bits = value.AsUInt32();
        var even = Vector512.ShiftRightLogical(bits, 16) & Vector512<uint>.One;
        var nearest = Vector512.ShiftRightLogical(bits + Vector512.Create(0x7FFFu) + even, 16);
        var result = Vector512.ConditionalSelect(Vector512.Equals(value, value).AsUInt32(), nearest, Vector512.Create(0x7FC0u));
        return Avx512F.ConvertToVector256UInt16(result);
    }
}
