using Iced.Intel;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>Words that hold small whole numbers, read as pairs of 16 bits that follow one another along the axis that is summed over.</summary>
internal interface IKvPairs
{
    /// <summary>Pairs in a word: 1, 2 or 4.</summary>
    static abstract int Pairs { get; }

    /// <summary>The <paramref name="pair"/>-th pair (0 on) in each word.</summary>
    static abstract I Pair<W, I, V>(I words, int pair) where W : IWordLanes<I, V> where I : unmanaged where V : unmanaged;

    /// <summary>What <see cref="WritePair"/> finds in each word of its mask.</summary>
    static abstract int PairMask { get; }

    /// <summary>Writes what <see cref="Pair"/> does, with at most <paramref name="pair"/> changed.</summary>
    /// <returns>The register that holds the pairs.</returns>
    static abstract AssemblerRegisterZMM WritePair(
        Assembler c, AssemblerRegisterZMM pair, AssemblerRegisterZMM words, AssemblerRegisterZMM mask, int number);
}
