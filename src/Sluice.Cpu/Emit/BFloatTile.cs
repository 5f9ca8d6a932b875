using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Sluice.Cpu.Emit;

/// <summary>
/// Four weight rows times some activation rows, both in BF16, with the dot instruction that sums two products per lane. Lanes run along the
/// columns, one register per output; at the end each is folded: upper half onto lower half, then neighbours.
/// </summary>
internal static unsafe class BFloatTile
{
    public const int WeightRows = 4;

    /// <summary>Columns of one step.</summary>
    public const int StepColumns = 32;

    private const int Vector = 64;

    private static readonly AssemblerRegisterZMM[] Weights = [zmm0, zmm1, zmm2, zmm3];
    private static readonly AssemblerRegisterZMM[] Sums =
    [
        zmm8, zmm9, zmm10, zmm11, zmm12, zmm13, zmm14, zmm15, zmm16, zmm17, zmm18, zmm19,
        zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31,
    ];

    /// <summary>
    /// void (byte* weight, long weightStride, byte* input, long inputStride, long steps, float* sums): strides in bytes; sums [activation
    /// row][weight row].
    /// </summary>
    /// <param name="rows">Activation rows, one to six.</param>
    public static delegate* unmanaged<byte*, long, byte*, long, long, float*, void> Emit(int rows) =>
        (delegate* unmanaged<byte*, long, byte*, long, long, float*, void>)Emitter.Emit(c => Write(c, rows));

    private static void Write(Assembler c, int rows)
    {
        var (weight, weightStride, input, inputStride, steps, sums) = (rdi, rsi, rdx, rcx, r8, r9);
        var (weightStride3, inputStride3, inputStride5, next) = (rax, r10, r11, r11);
        c.PreferVex = false; // the upper registers have no VEX form
        c.lea(weightStride3, weightStride + weightStride * 2);
        c.lea(inputStride3, inputStride + inputStride * 2);
        if (rows == 1)
            c.lea(next, weight + weightStride * 4);
        else
            c.lea(inputStride5, inputStride + inputStride * 4);
        AssemblerMemoryOperand[] weights =
            [__zmmword_ptr[weight], __zmmword_ptr[weight + weightStride], __zmmword_ptr[weight + weightStride * 2], __zmmword_ptr[weight + weightStride3]];
        AssemblerMemoryOperand[] inputs =
        [
            __zmmword_ptr[input], __zmmword_ptr[input + inputStride], __zmmword_ptr[input + inputStride * 2], __zmmword_ptr[input + inputStride3],
            __zmmword_ptr[input + inputStride * 4], __zmmword_ptr[input + inputStride5],
        ];
        for (int i = 0; i < rows * WeightRows; i++)
            c.vpxord(Sums[i], Sums[i], Sums[i]);

        var step = c.CreateLabel();
        c.Label(ref step);
        for (int w = 0; w < WeightRows; w++)
        {
            c.vmovdqu64(Weights[w], weights[w]);
            if (rows == 1)
                c.prefetcht1(__byte_ptr[next + w * Vector]); // four rows are too many streams for the hardware: the next four are fetched in sequence
        }
        for (int t = 0; t < rows; t++)
        {
            c.vmovdqu64(zmm4, inputs[t]);
            for (int w = 0; w < WeightRows; w++)
                c.vdpbf16ps(Sums[t * WeightRows + w], zmm4, Weights[w]);
        }
        if (rows == 1)
            c.add(next, WeightRows * Vector);
        c.add(weight, Vector);
        c.add(input, Vector);
        c.dec(steps);
        c.jnz(step);

        for (int t = 0; t < rows; t++)
        {
            Fold(c, Sums.AsSpan(t * WeightRows, WeightRows));
            c.vmovups(__xmmword_ptr[sums + t * WeightRows * sizeof(float)], xmm0);
        }
        c.vzeroupper();
        c.ret();
    }

    /// <summary>The sums of four registers, in the lanes of xmm0.</summary>
    private static void Fold(Assembler c, ReadOnlySpan<AssemblerRegisterZMM> four)
    {
        for (int i = 0; i < four.Length; i++)
        {
            c.vextractf64x4(Half(Weights[i]), four[i], 1);
            c.vaddps(Half(Weights[i]), Half(Weights[i]), Half(four[i]));
        }
        AddPairs(c, ymm0, ymm1);
        AddPairs(c, ymm2, ymm3);
        c.vunpcklpd(ymm4, ymm0, ymm2);
        c.vunpckhpd(ymm5, ymm0, ymm2);
        c.vaddps(ymm0, ymm4, ymm5);
        c.vextractf32x4(xmm4, ymm0, 1);
        c.vaddps(xmm0, xmm0, xmm4);
    }

    /// <summary>a = a0 + a2, b0 + b2, a1 + a3, b1 + b3 in each quarter.</summary>
    private static void AddPairs(Assembler c, AssemblerRegisterYMM a, AssemblerRegisterYMM b)
    {
        c.vunpcklps(ymm4, a, b);
        c.vunpckhps(ymm5, a, b);
        c.vaddps(a, ymm4, ymm5);
    }

    private static AssemblerRegisterYMM Half(AssemblerRegisterZMM register) => new(Register.YMM0 + (register.Value - Register.ZMM0));
}
