namespace Sluice.Cpu.Lanes;

/// <summary>
/// What float kernels need of a vector register, so that each is written once: <see cref="Lanes512"/>, <see cref="Lanes256"/>, and
/// <see cref="Lanes1"/>, the scalar twin that also does the tails. All of it inlines.
/// </summary>
/// <typeparam name="V">The register: <c>Vector512&lt;float&gt;</c>, <c>Vector256&lt;float&gt;</c> or <c>float</c>.</typeparam>
internal unsafe interface ILanes<V> where V : unmanaged
{
    /// <summary>Floats in a register.</summary>
    static abstract int Count { get; }

    static abstract V Broadcast(float value);

    static abstract V Load(float* source);

    /// <summary>Loads IEEE halves.</summary>
    static abstract V LoadHalf(ushort* source);

    /// <summary>Loads the IEEE halves in the low ends of words, as 2^-112 of their value; see <see cref="Halves"/>.</summary>
    static abstract V LoadLowHalves(int* words);

    /// <summary>Those in the high ends.</summary>
    static abstract V LoadHighHalves(int* words);

    /// <summary>Loads IEEE halves that are scales of blocks: infinities and NaN come out as infinities, so that they show in the result.</summary>
    static abstract V LoadScales(ushort* source);

    /// <summary>Loads upper halves of IEEE singles.</summary>
    static abstract V LoadBFloat(ushort* source);

    static abstract void Store(float* target, V value);

    /// <summary>Stores whole numbers in [-128, 127] as signed bytes.</summary>
    static abstract void StoreBytes(sbyte* target, V whole);

    /// <summary>Rounds values in [-32768, 32767] to the nearest even whole numbers and stores these as words of 16 bits.</summary>
    static abstract void StoreWords(short* target, V value);

    static abstract V Abs(V value);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    static abstract V Divide(V a, V b);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>c - a · b, rounded once.</summary>
    static abstract V MultiplyAddNegated(V a, V b, V c);

    /// <summary>The greater; b where either is not a number, as x86 does it.</summary>
    static abstract V Max(V a, V b);

    static abstract V Min(V a, V b);

    static abstract V RoundToEven(V value);

    /// <summary>value · 2^whole, rounded once, for a value in [0.5, 2) and a whole number in [-252, 254].</summary>
    static abstract V Scale(V value, V whole);

    /// <summary>Parts consecutive pairs: from (a, b) read as one run, its even and its odd elements.</summary>
    static abstract (V Even, V Odd) Deinterleave(V a, V b);

    /// <summary>The inverse of <see cref="Deinterleave"/>.</summary>
    static abstract (V First, V Second) Interleave(V even, V odd);

    /// <summary>The sum of the lanes, always in the same order.</summary>
    static abstract float Sum(V value);

    static abstract float MaxOf(V value);
}
