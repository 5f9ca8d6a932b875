using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Quant;

/// <summary>
/// 256 activations in signed bytes with one scale (scale = max|x| / 127, value = x · 127 / max|x| rounded to nearest even), and the
/// sums of each 16 values.
/// </summary>
/// <remarks>
/// The products of a super-block are exact integers, I = Σ scale of sub-block · its dot and M = Σ minimum of sub-block · its sum of
/// activations, so that every variant may add them in its own order. Floats begin with I and M: for super-block b, sum b mod 8 of
/// <see cref="BlockSums"/> gets first I · (scale · activation scale), then -M · (scale of minima · activation scale), each by one fused
/// multiply-add.
/// </remarks>
internal static unsafe class SuperBlock
{
    public const int Elements = 256;

    /// <summary>Elements of a sum.</summary>
    public const int SumElements = 16;

    /// <summary>Sums of a super-block.</summary>
    public const int Sums = Elements / SumElements;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Quantize<L, V>(float* x, sbyte* values, out float scale, short* sums) where L : ILanes<V> where V : unmanaged
    {
        var greatest = L.Broadcast(0);
        for (int i = 0; i < Elements; i += L.Count)
            greatest = L.Max(greatest, L.Abs(L.Load(x + i)));
        float max = L.MaxOf(greatest);
        var factor = L.Broadcast(max > 0 ? 127f / max : 0f);
        for (int s = 0; s < Sums; s++)
        {
            var total = L.Broadcast(0);
            for (int i = s * SumElements; i < (s + 1) * SumElements; i += L.Count)
            {
                var whole = L.RoundToEven(L.Multiply(L.Load(x + i), factor));
                L.StoreBytes(values + i, whole);
                total = L.Add(total, whole); // whole numbers far below 2^24: exact in any order
            }
            sums[s] = (short)L.Sum(total);
        }
        scale = max / 127f;
    }
}
