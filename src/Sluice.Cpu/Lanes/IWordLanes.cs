namespace Sluice.Cpu.Lanes;

/// <summary>
/// What kernels over pairs of 16-bit integers need of a register: <see cref="Words512"/>, <see cref="Words256"/> and <see cref="Words1"/>, the scalar twin.
/// A lane is 32 bits: one sum, or a pair to be multiplied.
/// </summary>
/// <typeparam name="I">The register.</typeparam>
/// <typeparam name="V">The register of as many floats.</typeparam>
internal unsafe interface IWordLanes<I, V> where I : unmanaged where V : unmanaged
{
    static abstract I Broadcast(int value);

    static abstract I Load(byte* source);

    static abstract void Store(byte* target, I value);

    static abstract I And(I a, I b);

    /// <summary>Each 32-bit lane shifted, zeros coming in.</summary>
    static abstract I ShiftRight(I value, byte count);

    /// <summary>The low bytes of the 16-bit halves of each lane, with their sign.</summary>
    static abstract I LowBytes(I value);

    /// <summary>The high bytes of the halves, with their sign.</summary>
    static abstract I HighBytes(I value);

    /// <summary>sum + the products of both pairs in each lane.</summary>
    static abstract I MultiplyAdd(I a, I b, I sum);

    static abstract V ToFloat(I value);
}
