using System.Runtime.CompilerServices;
using Iced.Intel;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>Q8_0: signed bytes, four in a word. Its even bytes hold elements 0 and 1, its odd ones 2 and 3.</summary>
internal readonly unsafe struct ByteKv : IKvWords
{
    public static KvFormat Format => new(4, 32);

    public static int Pairs => 2;

    public static int Zero => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static I Pair<W, I, V>(I words, int pair) where W : IWordLanes<I, V> where I : unmanaged where V : unmanaged =>
        pair == 0 ? W.LowBytes(words) : W.HighBytes(words);

    public static int PairMask => 0;

    public static AssemblerRegisterZMM WritePair(Assembler c, AssemblerRegisterZMM pair, AssemblerRegisterZMM words, AssemblerRegisterZMM mask, int number)
    {
        if (number == 0)
            c.vpsllw(pair, words, 8);
        c.vpsraw(pair, number == 0 ? pair : words, 8);
        return pair;
    }

    /// <summary>scale = max|x| / 127, element = x / scale rounded to nearest even (source: ggml's quantize_row_q8_0).</summary>
    public static Half Quantize(ReadOnlySpan<float> values, Span<int> stored)
    {
        float greatest = 0, poison = 0;
        foreach (float value in values)
        {
            greatest = MathF.Max(greatest, MathF.Abs(value));
            poison += value * 0; // NaN if anything is not finite, so that the scale shows it
        }
        float inverse = greatest > 0 ? 127 / greatest : 0;
        for (int i = 0; i < stored.Length; i++)
            stored[i] = (int)MathF.Round(values[i] * inverse);
        return (Half)(greatest / 127 + poison);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* word, int element, int stored) => word[element / 2 + element % 2 * 2] = (byte)stored;
}
