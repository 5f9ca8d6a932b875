using System.Runtime.CompilerServices;

namespace Sluice.Cpu.Lanes;

/// <summary>
/// e to the x in single precision, within 2 units in the last place; the same operations in the same order at every width, so all
/// variants agree bit for bit. Zero below -104, infinity above 89, NaN stays NaN.
/// </summary>
internal static class Exponential
{
    /// <summary>Reduces by multiples of ln 2 in two pieces, then takes Cephes' polynomial (expf) on [-ln 2 / 2, ln 2 / 2].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<L, V>(V x) where L : ILanes<V> where V : unmanaged
    {
        x = L.Max(L.Broadcast(-104f), L.Min(L.Broadcast(89f), x));
        var n = L.RoundToEven(L.Multiply(x, L.Broadcast(1.44269504f)));
        var r = L.MultiplyAddNegated(n, L.Broadcast(0.693359375f), x);
        r = L.MultiplyAddNegated(n, L.Broadcast(-2.12194440e-4f), r);
        var p = L.MultiplyAdd(L.Broadcast(1.9875691500e-4f), r, L.Broadcast(1.3981999507e-3f));
        p = L.MultiplyAdd(p, r, L.Broadcast(8.3334519073e-3f));
        p = L.MultiplyAdd(p, r, L.Broadcast(4.1665795894e-2f));
        p = L.MultiplyAdd(p, r, L.Broadcast(1.6666665459e-1f));
        p = L.MultiplyAdd(p, r, L.Broadcast(5.0000001201e-1f));
        p = L.Add(L.MultiplyAdd(L.Multiply(r, r), p, r), L.Broadcast(1f));
        return L.Scale(p, n); // from n = -150, where the result is subnormal, to 128
    }
}
