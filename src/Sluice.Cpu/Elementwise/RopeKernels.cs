using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Elementwise;

/// <summary>Rotary position embedding. A row of the table (Y) holds the cosines of its pairs, then their sines.</summary>
internal static unsafe class RopeKernels<L, V> where L : ILanes<V> where V : unmanaged
{
    /// <summary>Fills Y from Positions and the inverse frequencies in Weight; angles in double, for positions reach far beyond a single's 24 bits of phase.</summary>
    public static void FillTable(in RowArguments a, int start, int end)
    {
        int pairs = a.RotaryDims / 2;
        for (int r = start; r < end; r++)
        {
            float* cosines = a.Y + r * a.YStride;
            for (int i = 0; i < pairs; i++)
            {
                var (sine, cosine) = Math.SinCos(a.Positions[r] * (double)a.Weight[i]);
                cosines[i] = (float)(cosine * a.Magnitude);
                cosines[pairs + i] = (float)(sine * a.Magnitude);
            }
        }
    }

    /// <summary>Rotates the pairs (i, i + rotary / 2) of every head of X.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RotateHalves(in RowArguments a, int start, int end)
    {
        int pairs = a.RotaryDims / 2;
        for (int r = start; r < end; r++)
        {
            float* cosines = a.Y + r * a.YStride;
            float* sines = cosines + pairs;
            float* row = a.X + r * a.XStride;
            for (float* head = row; head < row + a.Cols; head += a.HeadDim)
            {
                int i = 0;
                for (; i + L.Count <= pairs; i += L.Count)
                {
                    var (first, second) = Rotate<L, V>(L.Load(head + i), L.Load(head + pairs + i), L.Load(cosines + i), L.Load(sines + i));
                    L.Store(head + i, first);
                    L.Store(head + pairs + i, second);
                }
                for (; i < pairs; i++)
                    (head[i], head[pairs + i]) = Rotate<Lanes1, float>(head[i], head[pairs + i], cosines[i], sines[i]);
            }
        }
    }

    /// <summary>Rotates the pairs (2i, 2i + 1) of every head of X.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RotateInterleaved(in RowArguments a, int start, int end)
    {
        int pairs = a.RotaryDims / 2;
        for (int r = start; r < end; r++)
        {
            float* cosines = a.Y + r * a.YStride;
            float* sines = cosines + pairs;
            float* row = a.X + r * a.XStride;
            for (float* head = row; head < row + a.Cols; head += a.HeadDim)
            {
                int i = 0;
                for (; i + L.Count <= pairs; i += L.Count)
                {
                    float* at = head + 2 * i;
                    var (even, odd) = L.Deinterleave(L.Load(at), L.Load(at + L.Count));
                    (even, odd) = Rotate<L, V>(even, odd, L.Load(cosines + i), L.Load(sines + i));
                    var (first, second) = L.Interleave(even, odd);
                    L.Store(at, first);
                    L.Store(at + L.Count, second);
                }
                for (; i < pairs; i++)
                    (head[2 * i], head[2 * i + 1]) = Rotate<Lanes1, float>(head[2 * i], head[2 * i + 1], cosines[i], sines[i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (W First, W Second) Rotate<M, W>(W first, W second, W cosine, W sine) where M : ILanes<W> where W : unmanaged =>
        (M.MultiplyAddNegated(second, sine, M.Multiply(first, cosine)), M.MultiplyAdd(first, sine, M.Multiply(second, cosine)));
}
