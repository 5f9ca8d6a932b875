using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Quant;

/// <summary>How kernels read a <see cref="Panel"/> with AVX-512: its rows fill two registers.</summary>
internal static unsafe class Panel512
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LowScales(byte* block) => Halves.ScalesToSingle(Vector256.Load((short*)block));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> HighScales(byte* block) => Halves.ScalesToSingle(Vector256.Load((short*)block + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast(byte* four) => Vector512.Create(*(int*)four);

    /// <summary>sum += dot · scale, for one activation row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(float* sum, Vector512<int> dot, Vector512<float> weightScales, float* scale) =>
        Avx512F.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(dot), weightScales * Vector512.Create(*scale), Vector512.Load(sum)).Store(sum);
}
