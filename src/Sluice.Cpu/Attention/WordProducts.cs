using Iced.Intel;
using Sluice.Cpu.Emit;
using static Iced.Intel.AssemblerRegisters;

namespace Sluice.Cpu.Attention;

/// <summary>
/// <see cref="WordScores{P,W,I,L,V}"/> and <see cref="WordWeights{P,W,I,L,V}"/> for four queries with 512-bit VNNI: one instruction multiplies and adds where
/// the runtime has two. The same sums in the same order, so the same bits. On Zen 4 it reads 29 GB/s of Q8_0 from the second-level cache where two
/// instructions read 24.
/// </summary>
internal static unsafe class WordProducts<P> where P : IKvPairs
{
    private const int Queries = 4;

    // Sums of the first register of lanes, and of the second.
    private static readonly AssemblerRegisterZMM[] First = [zmm0, zmm1, zmm2, zmm3];
    private static readonly AssemblerRegisterZMM[] Second = [zmm4, zmm5, zmm6, zmm7];
    private static readonly AssemblerRegisterZMM[] FirstScores = [zmm8, zmm9, zmm10, zmm11];
    private static readonly AssemblerRegisterZMM[] SecondScores = [zmm12, zmm13, zmm14, zmm15];
    private static readonly AssemblerRegisterZMM[] Broadcasts = [zmm20, zmm21, zmm22, zmm23];

    private static readonly AssemblerRegisterZMM Mask = zmm31;

    /// <summary>For 32 tokens: keys, queries, scores, and how far apart the rows of scores are in bytes.</summary>
    public static readonly delegate* unmanaged[SuppressGCTransition]<WordKeys*, WordQueries*, float*, nint, void> Scores =
        (delegate* unmanaged[SuppressGCTransition]<WordKeys*, WordQueries*, float*, nint, void>)Emitter.Emit(WriteScores);

    /// <summary>Values, weights, how far apart the rows of weights are in bytes, and what becomes of the sums.</summary>
    public static readonly delegate* unmanaged[SuppressGCTransition]<WordValues*, short*, nint, WordSums*, void> Weights =
        (delegate* unmanaged[SuppressGCTransition]<WordValues*, short*, nint, WordSums*, void>)Emitter.Emit(WriteWeights);

    private static void WriteScores(Assembler c)
    {
        const int Rows = WordQueries.ScaleDims / 2;
        WordKeys keys = default; // for where its fields lie
        WordQueries queries = default;
        var (k, gap, step, ahead) = (rax, r8, r9, r10);
        var (scales, nextScales, scaleStep) = (r11, rbx, r12);
        var (at, one, three) = (r13, r14, r15);
        var (factor, bias, blocks, blocksLeft, other) = (rdi, rsi, rdx, rbp, rcx);
        AssemblerRegister64[] saved = [rbx, rbp, r12, r13, r14, r15, rdx, rcx];
        foreach (var register in saved)
            c.push(register);
        WriteMask(c);
        c.mov(k, __qword_ptr[rdi + Offset(&keys, &keys.Keys)]);
        c.mov(gap, __qword_ptr[rdi + Offset(&keys, &keys.Gap)]);
        c.mov(step, __qword_ptr[rdi + Offset(&keys, &keys.RowBytes)]);
        c.mov(ahead, __qword_ptr[rdi + Offset(&keys, &keys.Ahead)]);
        c.mov(scales, __qword_ptr[rdi + Offset(&keys, &keys.Scales)]);
        c.mov(nextScales, __qword_ptr[rdi + Offset(&keys, &keys.NextScales)]);
        c.movsxd(scaleStep, __dword_ptr[rdi + Offset(&keys, &keys.ScaleStride)]);
        c.movsxd(one, __dword_ptr[rsi + Offset(&queries, &queries.Dims)]);
        c.mov(at, __qword_ptr[rsi + Offset(&queries, &queries.Words)]);
        c.mov(factor, __qword_ptr[rsi + Offset(&queries, &queries.Scales)]);
        c.mov(bias, __qword_ptr[rsi + Offset(&queries, &queries.Biases)]);
        c.mov(blocksLeft, one);
        c.shr(blocksLeft, 5);
        c.lea(blocks, __[blocksLeft * sizeof(int)]);
        c.add(one, one);
        c.lea(three, one + one * 2);
        foreach (var score in (AssemblerRegisterZMM[])[.. FirstScores, .. SecondScores])
            c.vpxord(score, score, score);

        var block = c.CreateLabel();
        c.Label(ref block);
        c.lea(other, bias + blocks * 2);
        for (int q = 0; q < Queries; q++)
            c.vpbroadcastd(First[q], OfQuery(bias, q));
        for (int q = 0; q < Queries; q++)
            c.vmovdqa32(Second[q], First[q]);
        for (int row = 0; row < Rows / P.Pairs; row++)
        {
            c.vmovdqu32(zmm16, __zmmword_ptr[k]);
            c.vmovdqu32(zmm17, __zmmword_ptr[k + gap]);
            WriteRow(c, at, one, three, row * P.Pairs * sizeof(int));
            c.lea(other, k + gap);
            c.prefetcht1(__byte_ptr[k + ahead]);
            c.prefetcht1(__byte_ptr[other + ahead]);
            c.add(k, step);
        }
        c.vcvtph2ps(zmm24, __ymmword_ptr[scales]);
        c.vcvtph2ps(zmm25, __ymmword_ptr[nextScales]);
        c.lea(other, factor + blocks * 2);
        for (int q = 0; q < Queries; q++)
        {
            AddScaled(FirstScores[q], First[q], zmm24, q);
            AddScaled(SecondScores[q], Second[q], zmm25, q);
        }
        c.lea(scales, scales + scaleStep * sizeof(ushort));
        c.lea(nextScales, nextScales + scaleStep * sizeof(ushort));
        c.add(at, WordQueries.ScaleDims * sizeof(short));
        c.add(factor, sizeof(float));
        c.add(bias, sizeof(int));
        c.dec(blocksLeft);
        c.jnz(block);

        foreach (var register in saved.Reverse())
            c.pop(register);
        var (scores, stride) = (rdx, rcx);
        for (int q = 0; q < Queries; q++)
        {
            c.vmovups(__zmmword_ptr[scores], FirstScores[q]);
            c.vmovups(__zmmword_ptr[scores + 64], SecondScores[q]);
            c.add(scores, stride);
        }
        c.vzeroupper();
        c.ret();

        AssemblerMemoryOperand OfQuery(AssemblerRegister64 first, int q) => q switch
        {
            0 => __dword_ptr[first],
            1 => __dword_ptr[first + blocks],
            2 => __dword_ptr[other],
            _ => __dword_ptr[other + blocks],
        };

        // score += float(sum) · scale of K · scale of the query
        void AddScaled(AssemblerRegisterZMM score, AssemblerRegisterZMM sum, AssemblerRegisterZMM scale, int q)
        {
            c.vcvtdq2ps(sum, sum);
            c.vmulps(sum, sum, scale);
            c.vbroadcastss(zmm26, OfQuery(factor, q));
            c.vfmadd231ps(score, sum, zmm26);
        }
    }

    private static void WriteWeights(Assembler c)
    {
        WordValues values = default; // for where its fields lie
        WordSums totals = default;
        var (rows, offset, step, slots) = (rax, r8, r9, r10d);
        var (blockSlots, blockTokens, aheadRows, aheadOffset) = (r11, ebx, r12, r13);
        var (weights, one, three, sums) = (rsi, rdx, r14, rcx);
        var (v, ahead, at, count) = (r15, rbp, rdi, ecx);
        AssemblerRegister64[] saved = [rbx, rbp, r12, r13, r14, r15, sums];
        foreach (var register in saved)
            c.push(register);
        WriteMask(c);
        c.mov(rows, __qword_ptr[rdi + Offset(&values, &values.Rows)]);
        c.mov(offset, __qword_ptr[rdi + Offset(&values, &values.Offset)]);
        c.movsxd(step, __dword_ptr[rdi + Offset(&values, &values.RowBytes)]);
        c.mov(slots, __dword_ptr[rdi + Offset(&values, &values.Slots)]);
        c.movsxd(blockSlots, __dword_ptr[rdi + Offset(&values, &values.BlockSlots)]);
        c.mov(blockTokens, __dword_ptr[rdi + Offset(&values, &values.BlockTokens)]);
        c.mov(aheadRows, __qword_ptr[rdi + Offset(&values, &values.Ahead)]);
        c.mov(aheadOffset, __qword_ptr[rdi + Offset(&values, &values.AheadOffset)]);
        c.lea(three, one + one * 2);
        c.mov(at, __qword_ptr[sums + Offset(&totals, &totals.Biases)]);
        for (int q = 0; q < Queries; q++)
        {
            c.vpbroadcastd(First[q], __dword_ptr[at + q * sizeof(int)]);
            c.vmovdqa32(Second[q], First[q]);
        }

        var block = c.CreateLabel();
        var fetched = c.CreateLabel();
        var row = c.CreateLabel();
        var end = c.CreateLabel();
        c.test(slots, slots);
        c.jz(end);
        c.Label(ref block);
        c.mov(v, __qword_ptr[rows]);
        c.xor(ebp, ebp);
        c.test(aheadRows, aheadRows);
        c.jz(fetched);
        c.mov(ahead, __qword_ptr[aheadRows]);
        c.sub(ahead, v);
        c.sub(ahead, aheadOffset);
        c.add(aheadRows, sizeof(long));
        c.Label(ref fetched);
        c.add(v, offset);
        c.add(rows, sizeof(long));
        c.mov(count, slots);
        c.cmp(count, blockTokens);
        c.cmovg(count, blockTokens);
        c.add(count, 2 * P.Pairs - 1);
        c.shr(count, (byte)int.Log2(2 * P.Pairs));
        c.mov(at, weights);
        c.Label(ref row);
        c.vmovdqu32(zmm16, __zmmword_ptr[v]);
        c.vmovdqu32(zmm17, __zmmword_ptr[v + 64]);
        WriteRow(c, at, one, three, 0);
        c.prefetcht1(__byte_ptr[v + ahead]);
        c.prefetcht1(__byte_ptr[v + ahead + 64]);
        c.add(at, P.Pairs * sizeof(int));
        c.add(v, step);
        c.dec(count);
        c.jnz(row);
        c.lea(weights, weights + blockSlots * sizeof(short));
        c.sub(slots, r11d);
        c.jg(block);

        c.Label(ref end);
        foreach (var register in saved.Reverse())
            c.pop(register);
        c.mov(rax, __qword_ptr[sums + Offset(&totals, &totals.Scales)]);
        c.mov(rdx, __qword_ptr[sums + Offset(&totals, &totals.Sums)]);
        c.mov(rsi, __qword_ptr[sums + Offset(&totals, &totals.StrideBytes)]);
        for (int q = 0; q < Queries; q++)
        {
            c.vbroadcastss(zmm16, __dword_ptr[rax + q * sizeof(float)]);
            Store(First[q], 0);
            Store(Second[q], 64);
            c.add(rdx, rsi);
        }
        c.vzeroupper();
        c.ret();

        void Store(AssemblerRegisterZMM sum, int to)
        {
            c.vcvtdq2ps(sum, sum);
            c.vmulps(sum, sum, zmm16);
            c.vmovups(__zmmword_ptr[rdx + to], sum);
        }
    }

    /// <summary>The products of a row of words, in zmm16 and zmm17, with those of four queries.</summary>
    private static void WriteRow(Assembler c, AssemblerRegister64 at, AssemblerRegister64 one, AssemblerRegister64 three, int offset)
    {
        for (int pair = 0; pair < P.Pairs; pair++, offset += sizeof(int))
        {
            var x = P.WritePair(c, zmm18, zmm16, Mask, pair);
            var y = P.WritePair(c, zmm19, zmm17, Mask, pair);
            AssemblerMemoryOperand[] words = [__dword_ptr[at + offset], __dword_ptr[at + one + offset], __dword_ptr[at + one * 2 + offset], __dword_ptr[at + three + offset]];
            for (int q = 0; q < Queries; q++)
            {
                c.vpbroadcastd(Broadcasts[q], words[q]);
                c.vpdpwssd(First[q], x, Broadcasts[q]);
                c.vpdpwssd(Second[q], y, Broadcasts[q]);
            }
        }
    }

    private static void WriteMask(Assembler c)
    {
        c.mov(eax, P.PairMask);
        c.vpbroadcastd(Mask, eax);
    }

    private static int Offset(void* start, void* field) => (int)((byte*)field - (byte*)start);
}
