using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Cpu.Lanes;

/// <summary>IEEE half to single in vector registers, for .NET has no intrinsic for F16C. Every finite half is exact.</summary>
internal static class Halves
{
    /// <summary>The bits of an infinity; those of a NaN are greater.</summary>
    public const short Infinity = 0x7C00;

    private const int SignAndMagnitude = unchecked((int)0x8FFFE000);

    // A half's exponent and fraction moved to their place in a single are its value times 2^-112, subnormals included; an infinity or NaN, whose
    // exponent there is an ordinary one, becomes 65536 or more, which another 2^112 carries beyond the greatest single and nothing finite.
    private const float Up = 5.192296858534828e+33f; // 2^112
    private const float Down = 1f / Up;

    /// <summary>By how much a half moved to its place in a single is too small.</summary>
    public const float MovedReduction = Up;

    /// <summary>
    /// Element by element, for weights and KV: a stored infinity or NaN reads as 65536 or more. To keep it not finite costs half of the speed
    /// (1.7 against 2.8 ns for 32 elements on Zen 4).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ToSingle(Vector256<short> halves) => Moved(halves) * Vector512.Create(Up);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToSingle(Vector128<short> halves) => Moved(halves) * Vector256.Create(Up);

    /// <summary>For the scales of blocks: a stored infinity or NaN reads as an infinity, so that a broken weight shows in the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ScalesToSingle(Vector256<short> halves) =>
        Moved(halves) * Vector512.Create(Up) * Vector512.Create(Up) * Vector512.Create(Down);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ScalesToSingle(Vector128<short> halves) =>
        Moved(halves) * Vector256.Create(Up) * Vector256.Create(Up) * Vector256.Create(Down);

    /// <summary>The upper half of each 32 bits, as <see cref="ToSingle(Vector128{short})"/> reads it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> UpperToSingle(Vector256<int> pairs) => MovedHigh(pairs) * Vector256.Create(Up);

    /// <summary>The lower half of each 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LowerToSingle(Vector256<int> pairs) => UpperToSingle(Vector256.ShiftLeft(pairs, 16));

    /// <summary>The upper half of each 32 bits, as <see cref="ScalesToSingle(Vector128{short})"/> reads it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> UpperScalesToSingle(Vector256<int> pairs) =>
        MovedHigh(pairs) * Vector256.Create(Up) * Vector256.Create(Up) * Vector256.Create(Down);

    /// <summary>The halves in the low ends of words, as 2^-112 of their value: shifts are arithmetic, so that the mask finds the sign above the exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MovedLow(Vector512<int> words) =>
        (Vector512.ShiftRightArithmetic(Vector512.ShiftLeft(words, 16), 3) & Vector512.Create(SignAndMagnitude)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MovedHigh(Vector512<int> words) =>
        (Vector512.ShiftRightArithmetic(words, 3) & Vector512.Create(SignAndMagnitude)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MovedLow(Vector256<int> words) =>
        (Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(words, 16), 3) & Vector256.Create(SignAndMagnitude)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MovedHigh(Vector256<int> words) =>
        (Vector256.ShiftRightArithmetic(words, 3) & Vector256.Create(SignAndMagnitude)).AsSingle();

    public static float MovedLow(int word) => BitConverter.Int32BitsToSingle((word << 16 >> 3) & SignAndMagnitude);

    public static float MovedHigh(int word) => BitConverter.Int32BitsToSingle((word >> 3) & SignAndMagnitude);

    /// <summary>Sign extension puts copies of the sign above the exponent; the mask keeps one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Moved(Vector256<short> halves) =>
        (Vector512.ShiftLeft(Avx512F.ConvertToVector512Int32(halves), 13) & Vector512.Create(SignAndMagnitude)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Moved(Vector128<short> halves) =>
        (Vector256.ShiftLeft(Avx2.ConvertToVector256Int32(halves), 13) & Vector256.Create(SignAndMagnitude)).AsSingle();
}
