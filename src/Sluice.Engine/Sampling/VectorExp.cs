using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sluice.Engine.Sampling;

/// <summary>
/// e^x of 16 floats for x from -87 to 0, where the result is a normal float: Cephes' expf (Moshier), whose error is below 2 units in the
/// last place. The runtime's own computes in double and takes three times as long.
/// </summary>
internal static class VectorExp
{
    /// <summary>The least exponent; what lies below it weighs nothing beside 1.</summary>
    public const float Least = -87;

    // Adding 1.5 x 2^23 rounds to a whole number, which then stands in the low bits of the sum.
    private const float Rounder = 12582912;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x)
    {
        var rounded = Vector512.MultiplyAddEstimate(x, Vector512.Create(1.44269504f), Vector512.Create(Rounder));
        var powers = Vector512.ShiftLeft(rounded.AsInt32(), 23);
        var n = rounded - Vector512.Create(Rounder);
        // ln 2 in two parts, the first with few enough bits that its product with n is exact.
        var r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-0.693359375f), x);
        r = Vector512.MultiplyAddEstimate(n, Vector512.Create(2.12194440e-4f), r);
        var y = Vector512.MultiplyAddEstimate(r, Vector512.Create(1.9875691500e-4f), Vector512.Create(1.3981999507e-3f));
        y = Vector512.MultiplyAddEstimate(y, r, Vector512.Create(8.3334519073e-3f));
        y = Vector512.MultiplyAddEstimate(y, r, Vector512.Create(4.1665795894e-2f));
        y = Vector512.MultiplyAddEstimate(y, r, Vector512.Create(1.6666665459e-1f));
        y = Vector512.MultiplyAddEstimate(y, r, Vector512.Create(5.0000001201e-1f));
        y = Vector512.MultiplyAddEstimate(y, r * r, r + Vector512<float>.One);
        return (y.AsInt32() + powers).AsSingle();
    }
}
