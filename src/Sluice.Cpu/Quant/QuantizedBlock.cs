using System.Runtime.CompilerServices;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Quant;

/// <summary>
/// 32 activations in signed bytes with one scale: scale = max|x| / 127, value = x · 127 / max|x| rounded to nearest even.
/// </summary>
internal static unsafe class QuantizedBlock
{
    public const int Elements = 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Quantize<L, V>(float* x, sbyte* values, out float scale, out int sum) where L : ILanes<V> where V : unmanaged
    {
        var greatest = L.Broadcast(0);
        for (int i = 0; i < Elements; i += L.Count)
            greatest = L.Max(greatest, L.Abs(L.Load(x + i)));
        float max = L.MaxOf(greatest);
        var factor = L.Broadcast(max > 0 ? 127f / max : 0f);
        var total = L.Broadcast(0);
        for (int i = 0; i < Elements; i += L.Count)
        {
            var whole = L.RoundToEven(L.Multiply(L.Load(x + i), factor));
            L.StoreBytes(values + i, whole);
            total = L.Add(total, whole); // whole numbers far below 2^24: exact in any order
        }
        scale = max / 127f;
        sum = (int)L.Sum(total);
    }
}
