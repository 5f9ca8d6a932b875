using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Elementwise;

/// <summary>What happens to rows between products, for rows [start, end) of the operands. Whole registers first, then the tail with <see cref="Lanes1"/>.</summary>
internal static unsafe class RowKernels<L, V> where L : ILanes<V> where V : unmanaged
{
    /// <summary>Elements whose squares are summed in single precision before they join the double total.</summary>
    private const int SquaresPerPart = 128;

    /// <summary>Y = X / rms(X) · Weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RmsNorm(in RowArguments a, int start, int end)
    {
        for (int r = start; r < end; r++)
            Normalise(a.X + r * a.XStride, a.Weight, a.Epsilon, a.Cols, a.Y + r * a.YStride);
    }

    /// <summary>X += Z, then Y = X / rms(X) · Weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddRmsNorm(in RowArguments a, int start, int end)
    {
        for (int r = start; r < end; r++)
        {
            AddRow(a.X + r * a.XStride, a.Z + r * a.ZStride, a.Cols);
            Normalise(a.X + r * a.XStride, a.Weight, a.Epsilon, a.Cols, a.Y + r * a.YStride);
        }
    }

    /// <summary>X = X / rms(X) · Weight, head by head.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void HeadRmsNorm(in RowArguments a, int start, int end)
    {
        for (int r = start; r < end; r++)
        {
            float* row = a.X + r * a.XStride;
            for (float* head = row; head < row + a.Cols; head += a.HeadDim)
                Normalise(head, a.Weight, a.Epsilon, a.HeadDim, head);
        }
    }

    /// <summary>X += Z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(in RowArguments a, int start, int end)
    {
        for (int r = start; r < end; r++)
            AddRow(a.X + r * a.XStride, a.Z + r * a.ZStride, a.Cols);
    }

    /// <summary>Y = silu(X) · Z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SwiGlu(in RowArguments a, int start, int end)
    {
        for (int r = start; r < end; r++)
        {
            float* gate = a.X + r * a.XStride;
            float* up = a.Z + r * a.ZStride;
            float* y = a.Y + r * a.YStride;
            int i = 0;
            for (; i + L.Count <= a.Cols; i += L.Count)
                L.Store(y + i, SwiGlu<L, V>(L.Load(gate + i), L.Load(up + i)));
            for (; i < a.Cols; i++)
                y[i] = SwiGlu<Lanes1, float>(gate[i], up[i]);
        }
    }

    /// <summary>x += z · factor, n elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(float* x, float* z, float factor, int n)
    {
        var all = L.Broadcast(factor);
        int i = 0;
        for (; i + L.Count <= n; i += L.Count)
            L.Store(x + i, L.MultiplyAdd(L.Load(z + i), all, L.Load(x + i)));
        for (; i < n; i++)
            x[i] = MathF.FusedMultiplyAdd(z[i], factor, x[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static W SwiGlu<M, W>(W gate, W up) where M : ILanes<W> where W : unmanaged
    {
        var one = M.Broadcast(1f);
        var sigmoid = M.Divide(one, M.Add(one, Exponential.Exp<M, W>(M.Subtract(M.Broadcast(0f), gate))));
        return M.Multiply(M.Multiply(gate, sigmoid), up);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalise(float* x, float* weight, float epsilon, int n, float* y)
    {
        float scale = (float)(1.0 / Math.Sqrt(SumOfSquares(x, n) / n + epsilon));
        var factor = L.Broadcast(scale);
        int i = 0;
        for (; i + L.Count <= n; i += L.Count)
            L.Store(y + i, L.Multiply(L.Multiply(L.Load(x + i), factor), L.Load(weight + i)));
        for (; i < n; i++)
            y[i] = x[i] * scale * weight[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SumOfSquares(float* x, int n)
    {
        double total = 0;
        int i = 0;
        while (i + L.Count <= n)
        {
            var part = L.Broadcast(0);
            for (int stop = Math.Min(i + SquaresPerPart, n); i + L.Count <= stop; i += L.Count)
            {
                var v = L.Load(x + i);
                part = L.MultiplyAdd(v, v, part);
            }
            total += L.Sum(part);
        }
        for (; i < n; i++)
            total += (double)x[i] * x[i];
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow(float* x, float* delta, int n)
    {
        int i = 0;
        for (; i + L.Count <= n; i += L.Count)
            L.Store(x + i, L.Add(L.Load(x + i), L.Load(delta + i)));
        for (; i < n; i++)
            x[i] += delta[i];
    }
}
