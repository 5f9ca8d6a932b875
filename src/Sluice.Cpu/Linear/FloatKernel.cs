using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Linear;

/// <summary>
/// Products with float weights, F32 activations and F32 accumulation. Lanes run along the columns: one accumulator per output, folded in
/// a fixed order, then the columns beyond the last whole register one by one. Tiles of any shape do exactly this per output.
/// </summary>
internal sealed unsafe class FloatKernel<F, L, V> : MatrixKernel
    where F : IStoredFloat
    where L : ILanes<V>
    where V : unmanaged
{
    /// <summary>Weight rows of a tile: with one activation row, four accumulator chains cover the latency of a multiply-add.</summary>
    private const int TileRows = 4;

    public override int RowGroup => TileRows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(in StoredMatrix weight, in Operand operand, int start, int end, float* y, long yStride, byte* scratch)
    {
        float* sums = stackalloc float[TileRows * 4];
        int cols = operand.Cols;
        int inputsPerBlock = InputsPerBlock(cols);
        for (int firstInput = 0; firstInput < operand.Rows; firstInput += inputsPerBlock)
        {
            int endInput = Math.Min(firstInput + inputsPerBlock, operand.Rows);
            for (int n = start; n < end; n += TileRows)
            {
                int rows = Math.Min(TileRows, end - n);
                byte* w0 = weight.Row(n);
                byte* w1 = weight.Row(Math.Min(n + 1, end - 1));
                byte* w2 = weight.Row(Math.Min(n + 2, end - 1));
                byte* w3 = weight.Row(Math.Min(n + 3, end - 1));
                int r = firstInput;
                while (r < endInput)
                {
                    int inputs = Tile(w0, w1, w2, w3, operand.Row(r), operand.Stride, endInput - r, cols, sums);
                    for (int t = 0; t < inputs; t++, r++)
                        for (int i = 0; i < rows; i++)
                            y[r * yStride + n + i] = sums[t * TileRows + i];
                }
            }
        }
    }

    /// <summary>The largest tile that fits; returns how many activation rows it took.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Tile(byte* w0, byte* w1, byte* w2, byte* w3, float* x, long stride, int left, int cols, float* sums)
    {
        // Four by four needs 16 accumulators and 5 operands: fine with 32 registers, spilled with 16.
        if (L.Count == 16 && left >= 4)
        {
            Tile4x4(w0, w1, w2, w3, x, stride, cols, sums);
            return 4;
        }
        if (left >= 2)
        {
            Tile4x2(w0, w1, w2, w3, x, stride, cols, sums);
            return 2;
        }
        Tile4x1(w0, w1, w2, w3, x, cols, sums);
        return 1;
    }

    /// <summary>Activation rows that stay in the second-level cache while all weight rows pass by them.</summary>
    private static int InputsPerBlock(int cols) => Math.Max(4, 384 * 1024 / (cols * sizeof(float)) / 4 * 4);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x1(byte* w0, byte* w1, byte* w2, byte* w3, float* x, int cols, float* sums)
    {
        V s0 = L.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
        byte* next = w3 + (w3 - w2);
        int k = 0;
        for (; k + L.Count <= cols; k += L.Count)
        {
            // Four rows are too many streams for the hardware to follow to their ends; the next four are fetched meanwhile, in sequence.
            for (int line = 0; L.Count > 1 && line < TileRows * L.Count * F.Size; line += 64)
                Sse.Prefetch1(next + line);
            next += TileRows * L.Count * F.Size;
            var v = L.Load(x + k);
            nint at = (nint)k * F.Size;
            s0 = L.MultiplyAdd(F.Load<L, V>(w0 + at), v, s0);
            s1 = L.MultiplyAdd(F.Load<L, V>(w1 + at), v, s1);
            s2 = L.MultiplyAdd(F.Load<L, V>(w2 + at), v, s2);
            s3 = L.MultiplyAdd(F.Load<L, V>(w3 + at), v, s3);
        }
        Fold(s0, s1, s2, s3, sums);
        if (k < cols)
            AddTail(w0, w1, w2, w3, x, k, cols, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x2(byte* w0, byte* w1, byte* w2, byte* w3, float* x, long stride, int cols, float* sums)
    {
        V s00 = L.Broadcast(0), s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        float* x1 = x + stride;
        int k = 0;
        for (; k + L.Count <= cols; k += L.Count)
        {
            var v0 = L.Load(x + k);
            var v1 = L.Load(x1 + k);
            nint at = (nint)k * F.Size;
            var w = F.Load<L, V>(w0 + at);
            s00 = L.MultiplyAdd(w, v0, s00);
            s10 = L.MultiplyAdd(w, v1, s10);
            w = F.Load<L, V>(w1 + at);
            s01 = L.MultiplyAdd(w, v0, s01);
            s11 = L.MultiplyAdd(w, v1, s11);
            w = F.Load<L, V>(w2 + at);
            s02 = L.MultiplyAdd(w, v0, s02);
            s12 = L.MultiplyAdd(w, v1, s12);
            w = F.Load<L, V>(w3 + at);
            s03 = L.MultiplyAdd(w, v0, s03);
            s13 = L.MultiplyAdd(w, v1, s13);
        }
        Fold(s00, s01, s02, s03, sums);
        Fold(s10, s11, s12, s13, sums + 4);
        if (k < cols)
        {
            AddTail(w0, w1, w2, w3, x, k, cols, sums);
            AddTail(w0, w1, w2, w3, x1, k, cols, sums + 4);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x4(byte* w0, byte* w1, byte* w2, byte* w3, float* x, long stride, int cols, float* sums)
    {
        V s00 = L.Broadcast(0), s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        V s20 = s00, s21 = s00, s22 = s00, s23 = s00, s30 = s00, s31 = s00, s32 = s00, s33 = s00;
        float* x1 = x + stride;
        float* x2 = x1 + stride;
        float* x3 = x2 + stride;
        int k = 0;
        for (; k + L.Count <= cols; k += L.Count)
        {
            var v0 = L.Load(x + k);
            var v1 = L.Load(x1 + k);
            var v2 = L.Load(x2 + k);
            var v3 = L.Load(x3 + k);
            nint at = (nint)k * F.Size;
            var w = F.Load<L, V>(w0 + at);
            s00 = L.MultiplyAdd(w, v0, s00);
            s10 = L.MultiplyAdd(w, v1, s10);
            s20 = L.MultiplyAdd(w, v2, s20);
            s30 = L.MultiplyAdd(w, v3, s30);
            w = F.Load<L, V>(w1 + at);
            s01 = L.MultiplyAdd(w, v0, s01);
            s11 = L.MultiplyAdd(w, v1, s11);
            s21 = L.MultiplyAdd(w, v2, s21);
            s31 = L.MultiplyAdd(w, v3, s31);
            w = F.Load<L, V>(w2 + at);
            s02 = L.MultiplyAdd(w, v0, s02);
            s12 = L.MultiplyAdd(w, v1, s12);
            s22 = L.MultiplyAdd(w, v2, s22);
            s32 = L.MultiplyAdd(w, v3, s32);
            w = F.Load<L, V>(w3 + at);
            s03 = L.MultiplyAdd(w, v0, s03);
            s13 = L.MultiplyAdd(w, v1, s13);
            s23 = L.MultiplyAdd(w, v2, s23);
            s33 = L.MultiplyAdd(w, v3, s33);
        }
        Fold(s00, s01, s02, s03, sums);
        Fold(s10, s11, s12, s13, sums + 4);
        Fold(s20, s21, s22, s23, sums + 8);
        Fold(s30, s31, s32, s33, sums + 12);
        if (k < cols)
        {
            AddTail(w0, w1, w2, w3, x, k, cols, sums);
            AddTail(w0, w1, w2, w3, x1, k, cols, sums + 4);
            AddTail(w0, w1, w2, w3, x2, k, cols, sums + 8);
            AddTail(w0, w1, w2, w3, x3, k, cols, sums + 12);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fold(V s0, V s1, V s2, V s3, float* sums)
    {
        sums[0] = L.Sum(s0);
        sums[1] = L.Sum(s1);
        sums[2] = L.Sum(s2);
        sums[3] = L.Sum(s3);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddTail(byte* w0, byte* w1, byte* w2, byte* w3, float* x, int from, int cols, float* sums)
    {
        for (int k = from; k < cols; k++)
        {
            nint at = (nint)k * F.Size;
            sums[0] = MathF.FusedMultiplyAdd(F.Load<Lanes1, float>(w0 + at), x[k], sums[0]);
            sums[1] = MathF.FusedMultiplyAdd(F.Load<Lanes1, float>(w1 + at), x[k], sums[1]);
            sums[2] = MathF.FusedMultiplyAdd(F.Load<Lanes1, float>(w2 + at), x[k], sums[2]);
            sums[3] = MathF.FusedMultiplyAdd(F.Load<Lanes1, float>(w3 + at), x[k], sums[3]);
        }
    }
}
