using System.Runtime.CompilerServices;
using Iced.Intel;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>Q4_0: nibbles from 0 to 15 that stand for -8 to 7, eight in a word. Nibble i and nibble i + 4 hold elements 2i and 2i + 1.</summary>
internal readonly unsafe struct NibbleKv : IKvWords
{
    public static KvFormat Format => new(8, 32);

    public static int Pairs => 4;

    public static int Zero => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static I Pair<W, I, V>(I words, int pair) where W : IWordLanes<I, V> where I : unmanaged where V : unmanaged =>
        W.And(pair == 0 ? words : W.ShiftRight(words, (byte)(4 * pair)), W.Broadcast(PairMask));

    public static int PairMask => 0x000F000F;

    public static AssemblerRegisterZMM WritePair(Assembler c, AssemblerRegisterZMM pair, AssemblerRegisterZMM words, AssemblerRegisterZMM mask, int number)
    {
        if (number > 0)
            c.vpsrld(pair, words, (byte)(4 * number));
        c.vpandd(pair, number > 0 ? pair : words, mask);
        return pair;
    }

    /// <summary>scale = the value furthest from zero / -8, so that it is exact; element = x / scale, rounded up from the half (source: ggml's quantize_row_q4_0).</summary>
    public static Half Quantize(ReadOnlySpan<float> values, Span<int> stored)
    {
        float furthest = 0, poison = 0;
        foreach (float value in values)
        {
            if (MathF.Abs(value) > MathF.Abs(furthest))
                furthest = value;
            poison += value * 0; // NaN if anything is not finite, so that the scale shows it
        }
        float scale = furthest / -8;
        float inverse = scale != 0 ? 1 / scale : 0;
        for (int i = 0; i < stored.Length; i++)
            stored[i] = Math.Clamp((int)(values[i] * inverse + 8.5f), 0, 15);
        return (Half)(scale + poison);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* word, int element, int stored)
    {
        int shift = 4 * (element / 2 + element % 2 * 4);
        *(uint*)word = (*(uint*)word & ~(15u << shift)) | ((uint)stored << shift);
    }
}
