using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Quant;

/// <summary>How kernels read a <see cref="Panel"/> with AVX2: in two halves of 16 rows, two registers each.</summary>
internal static unsafe class Panel256
{
    /// <summary>Bytes from the first half to the second within a quad.</summary>
    public const int HalfQuadBytes = Panel.QuadBytes / 2;

    /// <summary>Rows of a half.</summary>
    public const int HalfRows = Panel.Rows / 2;

    /// <summary>The scales of eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scales(byte* halves) => Halves.ScalesToSingle(Vector128.Load((short*)halves));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(byte* four) => Vector256.Create(*(int*)four);

    /// <summary>sum += dot · scale, for one activation row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(float* sum, Vector256<int> dot, Vector256<float> weightScales, float* scale) =>
        Fma.MultiplyAdd(Avx.ConvertToVector256Single(dot), weightScales * Vector256.Create(*scale), Vector256.Load(sum)).Store(sum);
}
