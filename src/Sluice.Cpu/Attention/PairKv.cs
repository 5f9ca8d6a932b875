using System.Runtime.CompilerServices;
using Iced.Intel;
using Sluice.Cpu.Lanes;

namespace Sluice.Cpu.Attention;

/// <summary>Pairs taken apart already, a word each: what panels hold.</summary>
internal readonly struct PairKv : IKvPairs
{
    public static int Pairs => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static I Pair<W, I, V>(I words, int pair) where W : IWordLanes<I, V> where I : unmanaged where V : unmanaged => words;

    public static int PairMask => 0;

    public static AssemblerRegisterZMM WritePair(
        Assembler c, AssemblerRegisterZMM pair, AssemblerRegisterZMM words, AssemblerRegisterZMM mask, int number) => words;
}
